// Values of library types that own or cover memory elsewhere: what a person wants to see is what they hold.
#include <fmt/format.h>

#include "decode/decoding.h"

namespace situ {

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
  made =
      shape.kind == ShapeKind::counted ? counted(bytes, shape, *owner) : owned(bytes, shape, *owner, depth);
  made.target = owner->address;
  made.pointer_offset = shape.pointer_offset;
  made.pointer_kind = shape.pointer_kind;
  made.pointee = shape.element;
  made.pointee_count = owner->length;
  made.empty_by_design = owner->empty;
  return made;
}

Value Decoding::counted(const Bytes& bytes, const Shape& shape, const Owner& owner) {
  Value made;
  made.kind = ValueKind::pointer;
  made.text = owner.address ? fmt::format("0x{:x}", owner.address.value) : "null";
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
    made = text(there, owner.length);
  } else if (!shape.element) {
    made = unavailable_value(Why::incomplete_type);
  } else if (owner.length > 0 && element_size(recording_, shape) > 0 && !there.number(0, 1)) {
    made = unavailable_value(Why::unreadable);
  } else {
    made = elements(there, *shape.element, owner.length, depth);
  }
  made.length = owner.length;
  made.capacity = owner.capacity;
  return made;
}

}  // namespace situ
