#include "decode/owner.h"

#include <algorithm>

namespace situ {
namespace {

constexpr std::uint64_t address_space = std::uint64_t{1} << 47;
constexpr std::uint64_t small_string_bytes = 16;  // with the NUL

// C++ vectors: three pointers.
bool read_ends(const Bytes& bytes, const Shape& shape, std::uint64_t size, Owner& owner) {
  const auto finish = bytes.word(*shape.finish_offset);
  const auto end = shape.end_offset ? bytes.word(*shape.end_offset) : finish;
  const std::uint64_t start = owner.address.value;
  if (!finish || !end || size == 0 || *finish < start || *end < *finish) return false;
  if ((*finish - start) % size != 0 || (*end - start) % size != 0) return false;
  owner.length = (*finish - start) / size;
  owner.capacity = (*end - start) / size;
  return true;
}

bool read_counts(const Bytes& bytes, const Shape& shape, std::uint64_t size, Owner& owner) {
  const auto length = bytes.word(*shape.length_offset);
  if (!length) return false;
  owner.length = *length;
  owner.self = shape.local_buffer && bytes.at() && *bytes.at() + *shape.local_buffer == owner.address;
  if (owner.self) {
    owner.capacity = small_string_bytes / std::max<std::uint64_t>(size, 1) - 1;
  } else if (shape.capacity_offset) {
    owner.capacity = bytes.word(*shape.capacity_offset);
    if (!owner.capacity) return false;
  }
  return true;
}

}  // namespace

std::uint64_t element_size(const Recording& recording, const Shape& shape) {
  return shape.element ? recording.at(without_aliases(recording, *shape.element)).size.value_or(1) : 1;
}

std::optional<Owner> read_owner(const Recording& recording, const Bytes& bytes, const Shape& shape) {
  const auto pointer = bytes.word(shape.pointer_offset);
  if (!pointer) return std::nullopt;
  Owner owner;
  owner.address = {*pointer};
  const std::uint64_t size = element_size(recording, shape);
  if (shape.finish_offset) {
    if (!read_ends(bytes, shape, size, owner)) return std::nullopt;
  } else if (shape.length_offset) {
    if (!read_counts(bytes, shape, size, owner)) return std::nullopt;
  }
  if (size > 0 && owner.length > address_space / size) return std::nullopt;
  if (size > 0 && owner.capacity && (*owner.capacity < owner.length || *owner.capacity > address_space)) {
    return std::nullopt;
  }
  const bool counts = shape.finish_offset || shape.length_offset;
  if (counts && owner.length > 0 && size > 0 && !owner.address) return std::nullopt;
  owner.empty = size == 0 || (owner.capacity ? *owner.capacity == 0 : owner.length == 0);
  // Weak::new() points to nothing: all bits set.
  if (shape.pointer_kind == PointerKind::weak && ~owner.address.value == 0) owner.empty = true;
  return owner;
}

}  // namespace situ
