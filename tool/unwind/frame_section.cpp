#include "unwind/frame_section.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>

#include "unwind/byte_cursor.h"

namespace situ {
namespace {

// DW_EH_PE_* (LSB Core §10.5): the low four bits say the format, the next three what it is relative to.
constexpr unsigned pe_format = 0x0f, pe_relative = 0x70, pe_pcrel = 0x10, pe_omit = 0xff;

std::optional<std::uint64_t> take_encoded(ByteCursor& cursor, unsigned encoding, Address section) {
  const Address here = section + cursor.position();
  std::optional<std::uint64_t> value;
  const auto widen = [&](auto number) {
    if (number) value = static_cast<std::uint64_t>(static_cast<std::int64_t>(*number));
  };
  switch (encoding & pe_format) {
    case 0x00:
    case 0x04:
    case 0x0c:
      value = cursor.take<std::uint64_t>();
      break;
    case 0x02:
      widen(cursor.take<std::uint16_t>());
      break;
    case 0x03:
      widen(cursor.take<std::uint32_t>());
      break;
    case 0x0a:
      widen(cursor.take<std::int16_t>());
      break;
    case 0x0b:
      widen(cursor.take<std::int32_t>());
      break;
    default:
      return std::nullopt;
  }
  if (!value) return std::nullopt;
  switch (encoding & pe_relative) {
    case 0:
      return value;
    case pe_pcrel:
      return *value + here.value;
    default:
      return std::nullopt;
  }
}

// The encoding of code addresses in the FDEs of the CIE whose contents (after the id) start at `position`.
std::optional<unsigned> pointer_encoding(std::span<const std::byte> section, std::size_t position,
                                         Address at) {
  ByteCursor cursor(section, position);
  const auto version = cursor.take<std::uint8_t>();
  if (!version || (*version != 1 && *version != 3)) return std::nullopt;
  std::string augmentation;
  for (;;) {
    const auto c = cursor.take<char>();
    if (!c || augmentation.size() > 16) return std::nullopt;
    if (*c == 0) break;
    augmentation += *c;
  }
  if (!cursor.take_leb() || !cursor.take_leb()) return std::nullopt;  // alignment factors
  if (!(*version == 1 ? cursor.skip(1) : cursor.take_leb().has_value())) return std::nullopt;
  if (augmentation.empty() || augmentation[0] != 'z') return 0;
  if (!cursor.take_leb()) return std::nullopt;
  for (const char c : augmentation.substr(1)) {
    if (c == 'S' || c == 'B') continue;
    const auto encoding = cursor.take<std::uint8_t>();
    if (!encoding) return std::nullopt;
    if (c == 'R') return *encoding;
    if (c == 'P' && !take_encoded(cursor, *encoding & ~pe_relative & 0xff, at)) return std::nullopt;
    if (c != 'P' && c != 'L') return std::nullopt;
  }
  return 0;
}

// One length-prefixed entry: [start, end) of what follows the length.
struct Entry {
  std::size_t start = 0, end = 0;
  bool wide = false;  // 64-bit DWARF
};
std::optional<Entry> take_entry(ByteCursor& cursor) {
  const auto length = cursor.take<std::uint32_t>();
  if (!length || *length == 0) return std::nullopt;
  Entry entry;
  std::uint64_t size = *length;
  if (*length == 0xffffffff) {
    const auto wide = cursor.take<std::uint64_t>();
    if (!wide) return std::nullopt;
    size = *wide;
    entry.wide = true;
  }
  entry.start = cursor.position();
  if (!cursor.skip(size)) return std::nullopt;
  entry.end = cursor.position();
  return entry;
}

template <class T>
void append(std::vector<std::byte>& bytes, T value) {
  const auto raw = std::as_bytes(std::span(&value, 1));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

// Fills in the length of the entry that begins at `entry` and pads it to eight bytes with DW_CFA_nop.
void close_entry(std::vector<std::byte>& bytes, std::size_t entry) {
  while ((bytes.size() - entry) % 8 != 0) bytes.push_back(std::byte{0});
  const auto length = static_cast<std::uint32_t>(bytes.size() - entry - 4);
  std::memcpy(bytes.data() + entry, &length, sizeof length);
}

class DebugFrameConverter {
 public:
  DebugFrameConverter(std::span<const std::byte> section, Address at, std::uint64_t bias)
      : section_(section), at_(at), bias_(bias) {}

  ConvertedFrames convert() {
    ByteCursor cursor(section_);
    while (const auto entry = take_entry(cursor)) {
      if (!entry->wide) add_fde(*entry);
    }
    append(result_.bytes, std::uint32_t{0});
    std::ranges::sort(result_.rows);
    return std::move(result_);
  }

 private:
  void add_fde(const Entry& entry) {
    ByteCursor cursor(section_.first(entry.end), entry.start);
    const auto cie = cursor.take<std::uint32_t>();
    if (!cie || *cie == 0xffffffff) return;
    const auto start = cursor.take<std::uint64_t>();
    const auto size = cursor.take<std::uint64_t>();
    if (!start || !size || *size == 0) return;
    const auto converted_cie = convert_cie(*cie);
    if (!converted_cie) return;
    std::vector<std::byte>& out = result_.bytes;
    const std::size_t fde = out.size();
    append(out, std::uint32_t{0});
    append(out, static_cast<std::uint32_t>(fde + 4 - *converted_cie));
    append(out, *start + bias_);
    append(out, *size);
    const auto rest = section_.subspan(cursor.position(), entry.end - cursor.position());
    out.insert(out.end(), rest.begin(), rest.end());
    close_entry(out, fde);
    result_.rows.push_back({{*start + bias_}, at_ + fde});
  }

  // The offset in the result of the CIE that stands at `offset` of the section.
  std::optional<std::size_t> convert_cie(std::uint32_t offset) {
    if (const auto found = cies_.find(offset); found != cies_.end()) return found->second;
    ByteCursor outer(section_, offset);
    const auto entry = take_entry(outer);
    if (!entry || entry->wide) return std::nullopt;
    ByteCursor cursor(section_.first(entry->end), entry->start);
    const auto id = cursor.take<std::uint32_t>();
    const auto version = cursor.take<std::uint8_t>();
    const auto augmentation = cursor.take<char>();
    if (!id || *id != 0xffffffff || !version || !augmentation || *augmentation != 0) return std::nullopt;
    if (*version == 4) {
      const auto address_size = cursor.take<std::uint8_t>();
      const auto segment_size = cursor.take<std::uint8_t>();
      if (!segment_size || *address_size != 8 || *segment_size != 0) return std::nullopt;
    } else if (*version != 1 && *version != 3) {
      return std::nullopt;
    }
    std::vector<std::byte>& out = result_.bytes;
    const std::size_t at = out.size();
    append(out, std::uint32_t{0});
    append(out, std::uint32_t{0});
    append(out, *version == 4 ? std::uint8_t{3} : *version);
    append(out, char{0});
    const auto rest = section_.subspan(cursor.position(), entry->end - cursor.position());
    out.insert(out.end(), rest.begin(), rest.end());
    close_entry(out, at);
    cies_.emplace(offset, at);
    return at;
  }

  std::span<const std::byte> section_;
  Address at_;
  std::uint64_t bias_;
  std::unordered_map<std::uint32_t, std::size_t> cies_;
  ConvertedFrames result_;
};

}  // namespace

std::vector<FdeRow> eh_frame_rows(std::span<const std::byte> section, Address at) {
  std::vector<FdeRow> rows;
  std::unordered_map<std::size_t, std::optional<unsigned>> encodings;  // by offset of the CIE
  ByteCursor cursor(section);
  for (;;) {
    const std::size_t offset = cursor.position();
    const auto entry = take_entry(cursor);
    if (!entry) break;
    ByteCursor inside(section.first(entry->end), entry->start);
    const auto id = inside.take<std::uint32_t>();
    if (!id) break;
    if (*id == 0) {
      encodings[offset] = pointer_encoding(section.first(entry->end), inside.position(), at);
      continue;
    }
    const auto encoding = encodings.find(entry->start - *id);
    if (encoding == encodings.end() || !encoding->second || *encoding->second == pe_omit) continue;
    const auto start = take_encoded(inside, *encoding->second, at);
    const auto size = take_encoded(inside, *encoding->second & pe_format, at);
    if (start && size && *size != 0) rows.push_back({{*start}, at + offset});
  }
  std::ranges::sort(rows);
  return rows;
}

ConvertedFrames convert_debug_frame(std::span<const std::byte> section, Address at, std::uint64_t bias) {
  return DebugFrameConverter(section, at, bias).convert();
}

std::vector<std::byte> search_table(const std::vector<FdeRow>& rows, Address segment_base) {
  std::vector<std::byte> table;
  table.reserve(rows.size() * 8);
  const auto fits = [](std::int64_t distance) {
    return distance >= std::numeric_limits<std::int32_t>::min() &&
           distance <= std::numeric_limits<std::int32_t>::max();
  };
  for (const FdeRow& row : rows) {
    const std::int64_t start = row.start - segment_base, fde = row.fde - segment_base;
    if (!fits(start) || !fits(fde)) continue;
    append(table, static_cast<std::int32_t>(start));
    append(table, static_cast<std::int32_t>(fde));
  }
  return table;
}

}  // namespace situ
