// What the words of an owner or a fat pointer say: where it points, over how many elements, with what
// capacity.
#pragma once

#include <optional>

#include "decode/bytes.h"
#include "decode/shapes.h"

namespace situ {

struct Owner {
  Address address;
  std::uint64_t length = 1;  // elements the pointer covers
  std::optional<std::uint64_t> capacity;
  bool empty = false;  // dangling by design: nothing was allocated, or nothing is covered
  bool self = false;   // a small string's own buffer
};

// Empty when a word is not known, or when the words cannot be what the shape says (a slot that was never
// written): then the value is better shown by its structure.
std::optional<Owner> read_owner(const Recording& recording, const Bytes& bytes, const Shape& shape);

// Bytes of one element; 0 for zero-sized ones.
std::uint64_t element_size(const Recording& recording, const Shape& shape);

}  // namespace situ
