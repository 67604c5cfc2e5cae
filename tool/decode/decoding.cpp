#include "decode/decoding.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "decode/containers_cpp.h"
#include "decode/escape.h"
#include "decode/scalars.h"

namespace situ {
namespace {

// Below four bytes the mark may be a value by chance (design: semantics, Variables).
constexpr std::uint64_t smallest_marked = 4;

Value unwritten_value() {
  Value value;
  value.text = "<uninitialised>";
  value.unwritten = true;
  return value;
}

Value cut_value() {
  Value value;
  value.text = "…";
  value.cut = true;
  return value;
}

std::string hex(Address address) {
  return fmt::format("0x{:x}", address.value);
}

}  // namespace

bool Decoding::holds_mark(const Bytes& bytes, std::uint64_t size) const {
  return size >= smallest_marked && bytes.holds_mark(0, size, input_.marked, recording_.mark);
}

Value Decoding::value(const Bytes& bytes, TypeId id, std::size_t depth) {
  ++parts_;
  if (exhausted() || depth > input_.options.depth) return cut_value();
  const TypeId plain = without_aliases(recording_, id);
  const Type& type = recording_.at(plain);
  const std::uint64_t size = type.size.value_or(0);
  const bool outside = !all_unwritten_;
  all_unwritten_ = all_unwritten_ || holds_mark(bytes, size);
  const bool unwritten = all_unwritten_;
  Value made = by_kind(bytes, plain, type, depth);
  if (made.kind == ValueKind::unavailable && made.why == Why::unreadable && bytes.lacks(size))
    made = unavailable_value(Why::optimized_out);
  if (outside) all_unwritten_ = false;
  made.type = id;
  made.size = size;
  made.unwritten = made.unwritten || (unwritten && size > 0);
  return made;
}

Value Decoding::by_kind(const Bytes& bytes, TypeId id, const Type& type, std::size_t depth) {
  const bool library = !all_unwritten_ && !input_.options.raw;
  if (const auto shape = shape_of(recording_, id); shape && library) {
    Value made = shaped(bytes, type, *shape, depth);
    if (const auto deleter = cpp_deleter(recording_, type); deleter && made.kind == ValueKind::pointer) {
      const Value called = value(bytes.part(deleter->offset), deleter->type, depth + 1);
      made.text += " (deleter " + called.text + ")";
    }
    return made;
  }
  if (const bool whole = depth < input_.options.depth && library; whole) {
    const auto held = read_container({recording_, type, bytes, input_.memory, input_.options.elements});
    if (held) return contained(*held, depth);
  }
  switch (type.kind) {
    case TypeKind::base:
    case TypeKind::enumeration:
    case TypeKind::member_pointer:
      return scalar(bytes, type);
    case TypeKind::pointer:
    case TypeKind::reference:
    case TypeKind::rvalue_reference:
      return pointer(bytes, type);
    case TypeKind::array:
      return array(bytes, type, depth);
    case TypeKind::record:
    case TypeKind::union_type:
      if (type.declaration_only || !type.size) return unavailable_value(Why::incomplete_type);
      return library && type.language != Language::rust ? cpp_record(bytes, type, depth)
                                                        : record(bytes, type, depth);
    case TypeKind::choice:
      return choice(bytes, type, depth);
    case TypeKind::unspecified:
      if (type.size == 8) return pointer(bytes, type);  // nullptr_t
      break;
    default:
      break;
  }
  return unavailable_value(Why::incomplete_type);
}

Value Decoding::scalar(const Bytes& bytes, const Type& type, const Field* bit_field) {
  if (type.size == 0) {
    Value unit;
    unit.kind = ValueKind::unit;
    unit.text = type.name.empty() ? "()" : printable(type.name);
    return unit;
  }
  if (!type.size) return unavailable_value(Why::incomplete_type);
  if (all_unwritten_) return unwritten_value();
  if (type.kind == TypeKind::member_pointer) return member_pointer(bytes, type);
  if (type.encoding == Encoding::none && type.name.find("omplex") != std::string::npos) {
    return complex_number(bytes, type);
  }
  if (type.name == "wchar_t" && !bit_field) {
    Type character = type;
    character.encoding = Encoding::utf;
    return decode_scalar(recording_, character, bytes).value_or(unavailable_value(Why::unreadable));
  }
  auto value = decode_scalar(recording_, type, bytes, bit_field);
  return value ? *value : unavailable_value(Why::unreadable);
}

Value Decoding::pointer(const Bytes& bytes, const Type& type) {
  if (all_unwritten_) return unwritten_value();
  const auto word = bytes.word(0);
  if (!word) return unavailable_value(Why::unreadable);
  Value value;
  value.kind = ValueKind::pointer;
  value.target = Address{*word};
  value.pointer_offset = 0;
  value.pointer_kind = pointer_kind_of(type);
  value.pointee = type.target;
  value.text = *word ? hex({*word}) : "null";
  if (!type.target || !*word) return value;
  const Type& pointee = recording_.at(without_aliases(recording_, *type.target));
  value.empty_by_design = pointee.size == 0 && value.pointer_kind != PointerKind::raw;
  if (pointee.kind == TypeKind::function) value.text += symbol_text({*word});
  if (is_plain_char(recording_, *type.target)) {
    if (const auto string = c_string({*word})) value.text += " " + *string;
  } else if (is_wide_character(recording_, *type.target)) {
    if (const auto string = wide_string({*word}, *type.target)) value.text += " " + *string;
  } else if (const auto actual = class_of_object(Bytes({}, Address{*word}, input_.memory), pointee);
             !actual.empty() && !same_type_name(actual, pointee.name)) {
    value.text += " (" + printable(actual) + ")";
  }
  return value;
}

std::optional<std::string> Decoding::c_string(Address at) const {
  std::vector<std::byte> bytes(input_.options.string_bytes + 1);
  const auto known = std::span(bytes).first(input_.memory.read(at, bytes));
  const auto end = std::ranges::find(known, std::byte{0});
  const auto length = static_cast<std::size_t>(end - known.begin());
  const auto shown = known.first(std::min(length, input_.options.string_bytes));
  if (known.empty() || !looks_like_text(shown)) return std::nullopt;
  return quoted(shown) + (end == known.end() ? "…" : "");
}

std::string Decoding::symbol_text(Address at) const {
  for (const Symbol& symbol : recording_.symbols) {
    const auto offset = static_cast<std::uint64_t>(at - symbol.address);
    if (offset != 0 && offset >= symbol.size) continue;
    return " <" + printable(symbol.name) + (offset ? fmt::format("+{}", offset) : "") + ">";
  }
  return {};
}

Value Decoding::choice(const Bytes& bytes, const Type& type, std::size_t depth) {
  if (type.variants.empty()) {
    Value never = unavailable_value(Why::none);
    never.text = "<no value>";
    return never;
  }
  if (all_unwritten_) return unwritten_value();
  if (type.discriminant) {
    const Type& tag = recording_.at(without_aliases(recording_, type.discriminant->type));
    const std::uint64_t tag_size = tag.size.value_or(0);
    if (holds_mark(bytes.part(type.discriminant->offset), tag_size)) return unwritten_value();
    if (!bytes.number(type.discriminant->offset, tag_size)) return unavailable_value(Why::unreadable);
  }
  const Variant* variant = active_variant(recording_, type, bytes);
  if (!variant) {
    Value invalid = unavailable_value(Why::none);
    invalid.text = "<no such variant>";
    return invalid;
  }
  Value value;
  value.kind = ValueKind::choice;
  value.variant = printable(variant->name);
  const Type& payload = recording_.at(without_aliases(recording_, variant->type));
  if (depth < input_.options.depth) {
    add_fields(value, bytes, type, 0, depth);
    add_fields(value, bytes, payload, variant->offset, depth);
  } else {
    value.cut = !payload.fields.empty();
  }
  value.text = value.fields.empty() ? value.variant : record_text(payload, value.variant, value.fields);
  if (value.cut) value.text += "(…)";
  return value;
}

Value Decoding::text(const Bytes& bytes, std::uint64_t length) {
  const std::uint64_t wanted = std::min<std::uint64_t>(length, input_.options.string_bytes);
  std::vector<std::byte> read(wanted);
  std::size_t known = wanted;
  if (!bytes.copy(0, read)) {
    known = bytes.at() ? input_.memory.read(*bytes.at(), read) : 0;
  }
  if (known == 0 && length > 0) {
    Value unknown = unavailable_value(Why::unreadable);
    unknown.length = length;
    return unknown;
  }
  Value value;
  value.kind = ValueKind::text;
  value.length = length;
  value.cut = known < length;
  auto shown = std::span<const std::byte>(read).first(known);
  if (value.cut) {  // not in the middle of a character
    const auto is_part = [](std::byte b) { return (b & std::byte{0xc0}) == std::byte{0x80}; };
    std::size_t end = known;
    while (end > 0 && known - end < 3 && is_part(shown[end - 1])) --end;
    if (end > 0 && (shown[end - 1] & std::byte{0xc0}) == std::byte{0xc0}) shown = shown.first(end - 1);
  }
  value.text = quoted(shown) + (value.cut ? "…" : "");
  return value;
}

}  // namespace situ
