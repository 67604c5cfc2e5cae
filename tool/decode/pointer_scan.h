// All pointers inside a value, found by its type: through fields, elements, the active variant, and the words
// of library owners. Nothing is followed.
#pragma once

#include <functional>
#include <string>

#include "decode/bytes.h"
#include "decode/value.h"

namespace situ {

struct FoundPointer {
  std::uint64_t offset = 0;  // of the word in its holder
  std::string path;          // from the holder: ".next", "[3]", ""
  bool known = false;        // the word was read
  Address address;
  PointerKind kind = PointerKind::raw;
  std::optional<TypeId> pointee;
  std::uint64_t count = 1;  // elements it covers
  bool counts = false;      // the holder states the count
  bool is_text = false;
  bool empty = false;
  bool self = false;
  bool link = false;  // from a container to its node, or between two nodes
};

struct PointerScan {
  const Recording& recording;
  std::span<const AddressRange> marked;
  std::function<void(const FoundPointer&)> found;
};

void scan_pointers(const PointerScan& scan, const Bytes& bytes, TypeId type);
// `count` elements from bytes[0].
void scan_elements(const PointerScan& scan, const Bytes& bytes, TypeId element, std::uint64_t count);
// Whether values of the type can hold pointers at all.
bool may_hold_pointers(const Recording& recording, TypeId type);

}  // namespace situ
