// Values of library types that own or cover memory elsewhere: what a person wants to see is what they hold.
#include <fmt/format.h>

#include <algorithm>

#include "decode/decoding.h"
#include "decode/escape.h"

namespace situ {
namespace {

// "Dog" of "pets::Dog", "{closure_env#0}" of "pets::main::{closure_env#0}", generics kept:
// "Boxed<pets::Dog>".
std::string_view short_path(std::string_view name) {
  if (name.find("::{closure_env#") != std::string_view::npos) return "closure";
  return name.ends_with('>') ? name : short_name(name);
}

}  // namespace

Value Decoding::shaped(const Bytes& bytes, const Type& type, const Shape& shape, std::size_t depth) {
  const auto owner = read_owner(recording_, bytes, shape);
  if (!owner) {
    if (type.declaration_only || !type.size) return unavailable_value(Why::unreadable);
    return record(bytes, type, depth);
  }
  Value made;
  if (bytes.holds_mark(shape.pointer_offset, 8, input_.marked, recording_.mark)) {
    return record(bytes, type, depth);
  }
  made = shape.kind == ShapeKind::counted ? counted(bytes, shape, *owner, depth)
                                          : owned(bytes, shape, *owner, depth);
  made.target = owner->address;
  made.pointer_offset = shape.pointer_offset;
  made.pointer_kind = shape.pointer_kind;
  made.pointee = shape.element;
  made.pointee_count = owner->length;
  made.empty_by_design = owner->empty;
  if (const auto concrete = dyn_type(bytes, shape)) {
    made.text += " (" + printable(short_path(recording_.at(*concrete).name)) + ")";
    if (shape.kind == ShapeKind::pointer) made.pointee = concrete;
  }
  return made;
}

std::optional<TypeId> Decoding::dyn_type(const Bytes& bytes, const Shape& shape) const {
  const auto vtable = shape.vtable_offset ? bytes.word(*shape.vtable_offset) : std::nullopt;
  return vtable ? type_of_vtable(recording_, {*vtable}) : std::nullopt;
}

Value Decoding::counted(const Bytes& bytes, const Shape& shape, const Owner& owner, std::size_t depth) {
  Value made;
  made.kind = ValueKind::pointer;
  made.text = owner.address ? fmt::format("0x{:x}", owner.address.value) : "null";
  if (owner.empty && shape.pointer_kind == PointerKind::weak) {
    made.text = "Weak::new()";
    return made;
  }
  const auto counts = bytes.word(shape.counts_pointer_offset);
  if (!counts || *counts == 0) return made;
  const Bytes words({}, Address{*counts}, input_.memory);
  const auto strong = words.number(shape.strong_offset, shape.counter_size);
  const auto weak = words.number(shape.weak_offset, shape.counter_size);
  if (!strong || !weak) return made;
  // All strong owners together hold one weak count.
  const auto strong_count = static_cast<std::uint64_t>(*strong);
  const auto weak_count = static_cast<std::uint64_t>(*weak);
  const std::uint64_t shown_weak = weak_count - (strong_count > 0 && weak_count > 0 ? 1 : 0);
  const auto length = shape.tail_length_offset ? bytes.word(*shape.tail_length_offset) : std::nullopt;
  if (length && strong_count > 0 && (*length == 0 || words.number(shape.tail_offset, 1))) {
    const Value tail = shape.tail_is_text
                           ? text(words.part(shape.tail_offset), *length)
                           : elements(words.part(shape.tail_offset), *shape.tail_element, *length, depth);
    if (tail.kind != ValueKind::unavailable) made = tail;
  }
  made.text += fmt::format(" (strong {}, weak {})", strong_count, shown_weak);
  return made;
}

Value Decoding::owned(const Bytes& bytes, const Shape& shape, const Owner& owner, std::size_t depth) {
  if (shape.kind == ShapeKind::pointer) {
    Value made;
    made.kind = ValueKind::pointer;
    made.text = owner.address ? fmt::format("0x{:x}", owner.address.value) : "null";
    return made;
  }
  const Bytes there = owner.self ? bytes.part(*shape.local_buffer) : Bytes({}, owner.address, input_.memory);
  Value made;
  if (shape.kind == ShapeKind::text) {
    made = text(there, owner.length - std::min(owner.length, shape.terminator));
  } else if (!shape.element) {
    made = unavailable_value(Why::incomplete_type);
  } else if (owner.length > 0 && element_size(recording_, shape) > 0 && !there.number(0, 1)) {
    made = unavailable_value(Why::unreadable);
  } else {
    made = elements(there, *shape.element, owner.length, depth);
  }
  made.length = owner.length - std::min(owner.length, shape.terminator);
  made.capacity = owner.capacity;
  return made;
}

}  // namespace situ
