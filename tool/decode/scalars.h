// Numbers, characters, truth values and enumerations from their bytes.
#pragma once

#include "decode/bytes.h"
#include "decode/value.h"

namespace situ {

// `field` with a bit_size: only these bits. Empty: a byte is not known.
std::optional<Value> decode_scalar(const Recording& recording, const Type& type, const Bytes& bytes,
                                   const Field* bit_field = nullptr);
bool is_scalar(const Type& type);
// C's and C++'s plain char, as text is made of.
bool is_plain_char(const Recording& recording, TypeId type);

}  // namespace situ
