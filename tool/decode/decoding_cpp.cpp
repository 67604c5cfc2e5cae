// What only C and C++ have: objects seen through a base class, unions, lambdas, wide characters, pointers to
// members, complex numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "decode/containers_cpp.h"
#include "decode/decoding.h"
#include "decode/escape.h"
#include "decode/scalars.h"

namespace situ {
namespace {

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

constexpr std::int64_t largest_object = 1 << 24;

// Where `base` lies in an object of `type`; empty: it is no base of it, or a virtual one.
std::optional<std::uint64_t> offset_of_base(const Recording& recording, const Type& type, const Type& base,
                                            int depth = 16) {
  if (depth <= 0) return std::nullopt;
  for (const Field& field : type.fields) {
    if (!field.base_class) continue;
    const Type& held = recording.at(without_aliases(recording, field.type));
    if (&held == &base || held.name == base.name) return field.offset;
    if (const auto inner = offset_of_base(recording, held, base, depth - 1)) return field.offset + *inner;
  }
  return std::nullopt;
}

// Whether `base` is a base of `type` at any distance, virtual or not.
bool has_base(const Recording& recording, const Type& type, const Type& base, int depth = 16) {
  const auto is_or_has = [&](TypeId id) {
    const Type& held = recording.at(without_aliases(recording, id));
    return &held == &base || held.name == base.name || has_base(recording, held, base, depth - 1);
  };
  return depth > 0 &&
         (std::ranges::any_of(type.fields,
                              [&](const Field& f) { return f.base_class && is_or_has(f.type); }) ||
          std::ranges::any_of(type.virtual_bases, [&](const VirtualBase& b) { return is_or_has(b.type); }));
}

bool is_vptr(const Field& field, const Type&, const Type&) {
  return field.artificial && field.name.starts_with("_vptr");
}

bool is_capture(const Field& field) {
  return field.name.size() > 2 && field.name.starts_with("__") &&
         !std::ranges::all_of(field.name.substr(2), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_lambda(const Type& type) {
  const bool unnamed =
      type.name.empty() || type.name.find("lambda") != std::string::npos || type.name.ends_with('}');
  return type.language == Language::cpp && unnamed && !type.fields.empty() &&
         std::ranges::all_of(type.fields, is_capture);
}

void append_escaped(std::string& text, char32_t c) {
  if (c == '"') {
    text += "\\\"";
  } else if (c == '\'') {
    text += "'";
  } else {
    const std::string quoted = quoted_character(c);
    text += std::string_view(quoted).substr(1, quoted.size() - 2);
  }
}

std::string quoted_wide(std::span<const char32_t> units, std::uint64_t width) {
  if (width == 1) {
    std::vector<std::byte> bytes;
    for (const char32_t unit : units) bytes.push_back(std::byte(static_cast<std::uint8_t>(unit)));
    return quoted(bytes);
  }
  std::string text = "\"";
  for (std::size_t i = 0; i < units.size(); ++i) {
    char32_t c = units[i];
    const bool pair = width == 2 && c >= 0xd800 && c < 0xdc00 && i + 1 < units.size() &&
                      units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000;
    if (pair) c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00);
    append_escaped(text, c);
  }
  return text + "\"";
}

}  // namespace

bool is_wide_character(const Recording& recording, TypeId id) {
  for (int i = 0; i < 32; ++i) {
    const Type& type = recording.at(id);
    if (type.language == Language::rust) return false;
    const bool named = type.name == "wchar_t" || type.name == "char8_t" || type.name == "char16_t" ||
                       type.name == "char32_t";
    if (named || (type.kind == TypeKind::base && type.encoding == Encoding::utf)) {
      const std::uint64_t size = size_of(recording, id);
      return size == 1 || size == 2 || size == 4;
    }
    if (type.kind != TypeKind::alias || !type.target) return false;
    id = *type.target;
  }
  return false;
}

std::vector<char32_t> Decoding::wide_units(const Bytes& bytes, std::uint64_t width,
                                           std::uint64_t count) const {
  std::vector<char32_t> units;
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, input_.options.string_bytes); ++i) {
    const auto unit = bytes.number(i * width, width);
    if (!unit) break;
    units.push_back(static_cast<char32_t>(*unit));
  }
  return units;
}

Value Decoding::wide_text(const Bytes& bytes, TypeId element, std::uint64_t count) {
  const std::uint64_t width = size_of(recording_, element);
  const auto units = wide_units(bytes, width, count);
  Value value = units.empty() && count > 0 ? unavailable_value(Why::unreadable) : Value{};
  value.length = count;
  if (value.why != Why::none) return value;
  value.kind = ValueKind::text;
  value.cut = units.size() < count;
  value.text = quoted_wide(units, width) + (value.cut ? "…" : "");
  return value;
}

// A wide C string: as far as its terminating NUL, if what is there looks like text.
std::optional<std::string> Decoding::wide_string(Address at, TypeId element) const {
  const std::uint64_t width = size_of(recording_, element);
  auto units = wide_units(Bytes({}, at, input_.memory), width, input_.options.string_bytes);
  const auto end = std::ranges::find(units, char32_t{0});
  const bool whole = end != units.end();
  units.erase(end, units.end());
  const auto is_code_point = [](char32_t c) { return c <= 0x10ffff; };
  if ((units.empty() && !whole) || !std::ranges::all_of(units, is_code_point)) return std::nullopt;
  return quoted_wide(units, width) + (whole ? "" : "…");
}

Value Decoding::complex_number(const Bytes& bytes, const Type& type) {
  Type part = type;
  part.encoding = Encoding::floating;
  part.size = *type.size / 2;
  part.name.clear();
  const auto real = decode_scalar(recording_, part, bytes);
  const auto imaginary = decode_scalar(recording_, part, bytes.part(*part.size));
  if (!real || !imaginary) return unavailable_value(Why::unreadable);
  Value value;
  value.kind = ValueKind::record;
  value.text = real->text + (imaginary->text.starts_with('-') ? "" : "+") + imaginary->text + "i";
  value.fields = {{"real", 0, *real}, {"imaginary", *part.size, *imaginary}};
  return value;
}

// Itanium C++ ABI §2.3: a data member is its offset, -1 for none; a function is a pair: its address, or
// one more than its offset in the vtable; and what is added to `this`.
Value Decoding::member_pointer(const Bytes& bytes, const Type& type) {
  const auto word = bytes.word(0);
  if (!word) return unavailable_value(Why::unreadable);
  Value value;
  value.kind = ValueKind::integer;
  value.number = static_cast<Int128>(static_cast<std::int64_t>(*word));
  if (type.size == 16) {
    const auto adjustment = bytes.word(8);
    if (!adjustment) return unavailable_value(Why::unreadable);
    if (*word == 0) {
      value.text = "null";
    } else if ((*word & 1) != 0) {
      value.text = fmt::format("virtual function {} of the vtable", (*word - 1) / 8);
    } else {
      value.text = fmt::format("0x{:x}", *word) + symbol_text({*word});
    }
    if (*adjustment != 0) value.text += fmt::format(" (this{:+})", static_cast<std::int64_t>(*adjustment));
    return value;
  }
  if (~*word == 0) {
    value.text = "null";
    return value;
  }
  value.text = fmt::format("offset {}", *word);
  // "int Point::*"
  const auto colon = type.name.rfind("::*");
  if (colon == std::string::npos) return value;
  auto holder = std::string_view(type.name).substr(0, colon);
  if (const auto found = type_named(recording_, holder)) return member_named(value, *found, *word);
  holder = holder.substr(holder.rfind(' ') + 1);
  holder = without_prefix(holder, "(");
  if (const auto found = type_named(recording_, holder)) return member_named(value, *found, *word);
  return value;
}

Value Decoding::member_named(Value value, TypeId holder, std::uint64_t offset) const {
  const Type& type = recording_.at(holder);
  const auto field = std::ranges::find_if(type.fields, [&](const Field& f) {
    return f.offset == offset && !f.base_class && !f.artificial && !f.name.empty();
  });
  if (field != type.fields.end()) {
    value.text = fmt::format("&{}::{} (offset {})", printable(type.name), printable(field->name), offset);
  }
  return value;
}

// How far into an object of class `actual` its part `type` at `bytes` lies, as the part's vtable says: the
// word before the type's (Itanium C++ ABI §2.5.2, offset to top).
std::optional<std::uint64_t> Decoding::offset_in_object(const Bytes& bytes, const Type& type,
                                                        const Type& actual) const {
  const auto vptr = find_field(recording_, type, is_vptr);
  const auto table = vptr ? bytes.word(vptr->offset) : std::nullopt;
  std::int64_t to_top = 0;
  if (!table || !input_.memory.read_all({*table - 16}, std::as_writable_bytes(std::span(&to_top, 1))))
    return std::nullopt;
  const auto offset = static_cast<std::uint64_t>(-to_top);
  return to_top <= 0 && offset < actual.size.value_or(0) ? std::optional(offset) : std::nullopt;
}

// The class of the object an address is part of, by the vtable its vptr points into.
std::string_view Decoding::class_of_object(const Bytes& bytes, const Type& type) const {
  if (type.kind != TypeKind::record || type.language != Language::cpp) return {};
  const auto vptr = find_field(recording_, type, is_vptr);
  const auto table = vptr ? bytes.word(vptr->offset) : std::nullopt;
  if (!table || *table == 0) return {};
  for (const Symbol& symbol : recording_.symbols) {
    if (!symbol.name.starts_with("vtable for ")) continue;
    const auto offset = static_cast<std::uint64_t>(Address{*table} - symbol.address);
    if (offset < std::max<std::uint64_t>(symbol.size, 1)) return without_prefix(symbol.name, "vtable for ");
  }
  return {};
}

// Itanium C++ ABI §2.5.2: the vtable tells how far into the object a virtual base lies.
void Decoding::add_virtual_bases(Value& into, const Bytes& bytes, const Type& type, std::uint64_t offset,
                                 std::size_t depth) {
  for (const VirtualBase& base : type.virtual_bases) {
    const Type& held = recording_.at(without_aliases(recording_, base.type));
    NamedValue named;
    named.name = printable(short_name(held.name));
    const auto vptr = all_unwritten_ ? std::nullopt : bytes.word(offset);
    std::int64_t distance = 0;
    const bool known =
        vptr && input_.memory.read_all({*vptr + static_cast<std::uint64_t>(base.vtable_offset)},
                                       std::as_writable_bytes(std::span(&distance, 1)));
    if (!known || distance < 0 || distance > largest_object) {
      named.value = all_unwritten_ ? value(bytes.part(offset), base.type, depth + 1)
                                   : unavailable_value(Why::unreadable);
      into.fields.push_back(std::move(named));
      continue;
    }
    named.offset = offset + static_cast<std::uint64_t>(distance);
    const Bytes part = bytes.part(named.offset);
    if (part.at() && object_) {
      if (std::ranges::find(virtual_bases_, *part.at()) != virtual_bases_.end()) continue;
      virtual_bases_.push_back(*part.at());
    }
    named.value = value(part, base.type, depth + 1);
    into.fields.push_back(std::move(named));
  }
}

Value Decoding::object(const Bytes& bytes, const Type& type, std::size_t depth) {
  const std::string_view name = class_of_object(bytes, type);
  const bool part = object_ && bytes.at() && object_->contains(*bytes.at()) && name == object_class_;
  if (name.empty() || part || !bytes.at()) return record(bytes, type, depth);
  const auto outer = object_;
  const auto outer_class = object_class_;
  const auto outer_bases = std::exchange(virtual_bases_, {});
  Value made;
  const bool same = same_type_name(name, type.name);
  const auto found = same ? std::nullopt : type_named(recording_, name);
  auto offset =
      found ? offset_of_base(recording_, recording_.at(*found), type) : std::optional<std::uint64_t>{};
  if (found && !offset && has_base(recording_, recording_.at(*found), type))
    offset = offset_in_object(bytes, type, recording_.at(*found));
  object_class_ = name;
  if (offset) {
    const Type& actual = recording_.at(*found);
    const Address start{bytes.at()->value - *offset};
    object_ = AddressRange{start, start + actual.size.value_or(0)};
    made = record(Bytes({}, start, input_.memory), actual, depth);
    made.text = fmt::format("{} (as {}) {}", printable(name), printable(type.name), made.text);
  } else {
    object_ = AddressRange{*bytes.at(), *bytes.at() + type.size.value_or(0)};
    made = record(bytes, type, depth);
    // The debug info of its own class was not read.
    if (!same && !found)
      made.text = fmt::format("{} (as {}) {}", printable(name), printable(type.name), made.text);
  }
  object_ = outer;
  object_class_ = outer_class;
  virtual_bases_ = outer_bases;
  return made;
}

Value Decoding::cpp_record(const Bytes& bytes, const Type& type, std::size_t depth) {
  if (type.kind == TypeKind::union_type) {
    Value made = record(bytes, type, depth);
    if (made.kind == ValueKind::record) made.text = "union " + made.text;
    return made;
  }
  if (is_lambda(type)) {
    Type named = type;
    for (Field& field : named.fields) field.name.erase(0, 2);
    return record(bytes, named, depth);
  }
  return object(bytes, type, depth);
}

}  // namespace situ
