// Values made of values: records, tuples, unions, arrays, and the payload of a Rust enum's variant.
#include <fmt/format.h>

#include <algorithm>

#include "decode/decoding.h"
#include "decode/escape.h"
#include "decode/scalars.h"

namespace situ {
namespace {

bool is_tuple_field(std::string_view name) {
  return name.size() > 2 && name.starts_with("__") &&
         std::ranges::all_of(name.substr(2), [](char c) { return c >= '0' && c <= '9'; });
}

// Zero-sized or empty parts that say nothing: markers, allocators, empty base classes.
bool says_nothing(const Field& field, const Type& type) {
  if (type.kind != TypeKind::record || !type.fields.empty()) return false;
  if (field.base_class) return true;
  return type.size == 0 &&
         (type.name.starts_with("core::marker::") || type.name.starts_with("alloc::alloc::"));
}

// Where a buffer's text ends: at its first NUL, unless what follows is text too ("a\0b").
std::vector<std::byte>::const_iterator string_end(const std::vector<std::byte>& bytes) {
  const auto first = std::ranges::find(bytes, std::byte{0});
  auto last = bytes.end();
  while (last != first && last[-1] == std::byte{0}) --last;
  const bool text = std::all_of(first, last, [](std::byte b) {
    return b == std::byte{0} || (b >= std::byte{' '} && b < std::byte{0x7f});
  });
  return text && last != first && last != bytes.end() ? last : first;
}

bool inhabited(const Recording& recording, const Type& type, int depth) {
  if (depth <= 0) return true;
  if (type.kind == TypeKind::choice) return !type.variants.empty();
  return std::ranges::all_of(type.fields, [&](const Field& field) {
    return inhabited(recording, recording.at(without_aliases(recording, field.type)), depth - 1);
  });
}

}  // namespace

std::string record_text(const Type& type, std::string_view name, const std::vector<NamedValue>& fields) {
  const bool tuple = !fields.empty() && std::ranges::all_of(fields, [](const NamedValue& field) {
    return is_tuple_field(field.name);
  });
  std::string text;
  for (const NamedValue& field : fields) {
    if (!text.empty()) text += ", ";
    if (!tuple && !field.name.empty()) text += field.name + ": ";
    text += field.value.text;
  }
  if (tuple) {
    const bool plain = type.name.starts_with('(') && name.empty();
    if (plain && fields.size() == 1) text += ",";
    const std::string_view head = plain ? std::string_view{} : name.empty() ? short_name(type.name) : name;
    return printable(head) + "(" + text + ")";
  }
  if (name.empty() && fields.empty() && type.language == Language::rust) {
    return printable(short_name(type.name));
  }
  return (name.empty() ? "" : std::string(name) + " ") + "{" + text + "}";
}

const Variant* active_variant(const Recording& recording, const Type& choice, const Bytes& bytes) {
  if (!choice.discriminant) {
    const auto found = std::ranges::find_if(choice.variants, [&](const Variant& variant) {
      return inhabited(recording, recording.at(without_aliases(recording, variant.type)), 8);
    });
    return found == choice.variants.end() ? nullptr : &*found;
  }
  const Type& tag = recording.at(without_aliases(recording, choice.discriminant->type));
  const std::uint64_t size = tag.size.value_or(0);
  const auto value = bytes.number(choice.discriminant->offset, size);
  if (!value) return nullptr;
  const UInt128 mask = size >= 16 ? ~UInt128{0} : (UInt128{1} << (size * 8)) - 1;
  const Variant* otherwise = nullptr;
  for (const Variant& variant : choice.variants) {
    if (!variant.discriminant) {
      otherwise = &variant;
    } else if ((*variant.discriminant & mask) == *value) {
      return &variant;
    }
  }
  return otherwise;
}

std::vector<std::uint64_t> shown_elements(std::uint64_t count, std::size_t limit) {
  std::vector<std::uint64_t> shown;
  const auto add = [&shown](std::uint64_t from, std::uint64_t number) {
    for (std::uint64_t i = 0; i < number; ++i) shown.push_back(from + i);
  };
  if (count <= limit) {
    add(0, count);
    return shown;
  }
  const std::uint64_t ends = limit * 2 / 5, middle = limit - 2 * ends;
  add(0, ends);
  add((count - middle) / 2, middle);
  add(count - ends, ends);
  return shown;
}

void Decoding::add_fields(Value& into, const Bytes& bytes, const Type& type, std::uint64_t offset,
                          std::size_t depth) {
  std::vector<const Field*> order;
  for (const Field& field : type.fields) order.push_back(&field);
  if (!order.empty() && std::ranges::all_of(order, [](const Field* f) { return is_tuple_field(f->name); })) {
    std::ranges::stable_sort(order, {}, [](const Field* f) { return std::pair(f->name.size(), f->name); });
  }
  for (const Field* field : order) {
    const Type& field_type = recording_.at(without_aliases(recording_, field->type));
    if (says_nothing(*field, field_type)) continue;
    const Bytes part = bytes.part(offset + field->offset);
    NamedValue named;
    named.name = printable(field->name);
    if (named.name.empty() && field->base_class) named.name = printable(short_name(field_type.name));
    named.offset = offset + field->offset;
    if (field->bit_size && is_scalar(field_type)) {
      named.value = scalar(part, field_type, field);
      named.value.type = field->type;
      named.value.size = field_type.size.value_or(0);
    } else {
      named.value = value(part, field->type, depth + 1);
      if (field->artificial && named.value.target) named.value.text += symbol_text(*named.value.target);
    }
    into.fields.push_back(std::move(named));
    if (into.fields.back().value.cut && into.fields.back().value.text == "…") break;
  }
  add_virtual_bases(into, bytes, type, offset, depth);
}

Value Decoding::record(const Bytes& bytes, const Type& type, std::size_t depth) {
  Value made;
  made.kind = ValueKind::record;
  if (depth >= input_.options.depth) {
    made.cut = !type.fields.empty();
    made.text = made.cut ? "{…}" : "{}";
    return made;
  }
  add_fields(made, bytes, type, 0, depth);
  made.text = record_text(type, "", made.fields);
  return made;
}

Value Decoding::array(const Bytes& bytes, const Type& type, std::size_t depth) {
  if (!type.element) return unavailable_value(Why::incomplete_type);
  const std::uint64_t count = type.count.value_or(0);
  if (!type.count) {  // a flexible array: its holder does not say how many there are
    Value open;
    open.kind = ValueKind::sequence;
    open.cut = true;
    open.text = "[…]";
    return open;
  }
  if (!all_unwritten_ && is_wide_character(recording_, *type.element)) {
    const auto units =
        wide_units(bytes, recording_.at(without_aliases(recording_, *type.element)).size.value_or(1), count);
    const auto end = std::ranges::find(units, char32_t{0});
    if (end != units.end()) {
      Value made = wide_text(bytes, *type.element, static_cast<std::uint64_t>(end - units.begin()));
      made.capacity = count;
      return made;
    }
  }
  if (count == 0 || all_unwritten_ || !is_plain_char(recording_, *type.element)) {
    return elements(bytes, *type.element, count, depth);
  }
  // A C string in its buffer: as far as its terminating NUL.
  std::vector<std::byte> read(std::min<std::uint64_t>(count, input_.options.string_bytes));
  if (!bytes.copy(0, read)) return elements(bytes, *type.element, count, depth);
  const auto end = string_end(read);
  const auto length = static_cast<std::size_t>(end - read.begin());
  if (!looks_like_text(std::span(read).first(length))) return elements(bytes, *type.element, count, depth);
  Value made = text(bytes, end == read.end() ? count : length);
  made.capacity = count;
  return made;
}

Value Decoding::elements(const Bytes& bytes, TypeId element, std::uint64_t count, std::size_t depth) {
  if (!input_.options.raw && is_wide_character(recording_, element)) {
    return wide_text(bytes, element, count);
  }
  Value made;
  made.kind = ValueKind::sequence;
  made.length = count;
  const std::uint64_t size = recording_.at(without_aliases(recording_, element)).size.value_or(0);
  const auto shown = depth < input_.options.depth ? shown_elements(count, input_.options.elements)
                                                  : std::vector<std::uint64_t>{};
  made.cut = shown.size() < count;
  std::string text;
  std::uint64_t next = 0;
  for (const std::uint64_t i : shown) {
    if (i > next) text += fmt::format("{}… {} skipped …", text.empty() ? "" : ", ", i - next);
    next = i + 1;
    made.elements.push_back(value(bytes.part(i * size), element, depth + 1));
    if (made.cut) made.indexes.push_back(i);
    text += (text.empty() ? "" : ", ") + made.elements.back().text;
    if (exhausted()) {
      made.cut = true;
      break;
    }
  }
  if (shown.empty() && count > 0) text = "…";
  made.text = "[" + text + "]";
  return made;
}

}  // namespace situ
