// What each byte of a value belongs to: its fields down to the scalars, with the padding between them. What
// the bytes view draws (design: pictures.md, "Clean value, raw one key away").
#pragma once

#include <string>
#include <vector>

#include "decode/bytes.h"
#include "model/recording.h"

namespace situ {

struct BytePart {
  std::uint64_t offset = 0, size = 0;  // bytes, from the value's start
  std::string path;                    // ".x.y", "[3]"; empty: the whole value, or padding
  TypeId type;                         // not for padding
  bool padding = false;
  std::uint64_t skipped = 0;  // parts left out here (a long array's middle): `size` bytes of them
};

// Ordered by offset, without holes or overlaps; the sizes add up to the value's. Members of a union are one
// part; so are bit-fields that share their bytes. Of an enum with data the active variant's fields are told,
// read from `bytes`. Parts beyond `limit` are left out as elements of a sequence are (shown_elements).
std::vector<BytePart> byte_map(const Recording& recording, TypeId type, const Bytes& bytes,
                               std::size_t limit = 25);

}  // namespace situ
