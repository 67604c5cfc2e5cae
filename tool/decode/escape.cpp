#include "decode/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace situ {
namespace {

std::uint8_t byte_at(std::span<const std::byte> bytes, std::size_t i) {
  return std::to_integer<std::uint8_t>(bytes[i]);
}

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
std::optional<CodePoint> code_point_at(std::span<const std::byte> bytes, std::size_t i) {
  const std::uint8_t first = byte_at(bytes, i);
  if (first < 0x80) return CodePoint{first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || i + length > bytes.size()) return std::nullopt;
  char32_t value = first & (0x7fu >> length);
  for (std::size_t k = 1; k < length; ++k) {
    const std::uint8_t next = byte_at(bytes, i + k);
    if ((next & 0xc0) != 0x80) return std::nullopt;
    value = (value << 6) | (next & 0x3fu);
  }
  static constexpr std::array<char32_t, 5> lowest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < lowest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return std::nullopt;
  return CodePoint{value, length};
}

// Control characters, bidirectional controls, invisible and non-characters.
bool hidden(char32_t c) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 12> ranges = {{{0x00, 0x1f},
                                                                            {0x7f, 0x9f},
                                                                            {0xad, 0xad},
                                                                            {0x61c, 0x61c},
                                                                            {0x180e, 0x180e},
                                                                            {0x200b, 0x200f},
                                                                            {0x2028, 0x202e},
                                                                            {0x2060, 0x206f},
                                                                            {0xfeff, 0xfeff},
                                                                            {0xfff9, 0xfffb},
                                                                            {0xe0000, 0xe0fff},
                                                                            {0xf0000, 0xffffffff}}};
  if ((c & 0xfffe) == 0xfffe || (c >= 0xd800 && c < 0xe000)) return true;
  return std::ranges::any_of(ranges,
                             [c](const auto& range) { return range.first <= c && c <= range.second; });
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

// `quote` is escaped too; 0: neither quotes nor backslashes are.
void append_escaped(std::string& out, char32_t c, char quote) {
  if (quote && (c == static_cast<unsigned char>(quote) || c == '\\')) {
    out.push_back('\\');
    out.push_back(static_cast<char>(c));
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == 0) {
    out += "\\0";
  } else if (!hidden(c)) {
    append_utf8(out, c);
  } else if (c < 0x80) {
    out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
  } else {
    out += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c));
  }
}

std::string escaped(std::span<const std::byte> bytes, char quote) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size();) {
    if (const auto c = code_point_at(bytes, i)) {
      append_escaped(out, c->value, quote);
      i += c->length;
    } else {
      out += fmt::format("\\x{:02x}", byte_at(bytes, i++));
    }
  }
  return out;
}

}  // namespace

std::string quoted(std::span<const std::byte> bytes) {
  return '"' + escaped(bytes, '"') + '"';
}

std::string quoted_character(char32_t code_point) {
  std::string out = "'";
  append_escaped(out, code_point, '\'');
  return out + "'";
}

std::string printable(std::string_view name) {
  return escaped(std::as_bytes(std::span(name.data(), name.size())), 0);
}

bool looks_like_text(std::span<const std::byte> bytes) {
  bool valid = true;
  std::size_t plain = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    const auto c = code_point_at(bytes, i);
    // The last character may have been cut in the middle.
    valid = valid && (c || i + 4 > bytes.size());
    if (c && !hidden(c->value)) plain += c->length;
    i += c ? c->length : 1;
  }
  return valid ? plain * 2 >= bytes.size() : plain * 4 >= bytes.size() * 3;
}

}  // namespace situ
