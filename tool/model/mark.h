// The mark: what the tracer writes over a function's slots at its entry, so that "never written" can be told
// from "holds a value" by content (design: semantics, Variables and values).
#pragma once

#include <array>
#include <cstddef>

#include "base/address.h"

namespace situ {

// Eight bytes, repeated by address; fixed per build-id so that runs repeat.
struct MarkPattern {
  std::array<std::byte, 8> bytes{};
  std::byte at(Address a) const { return bytes[a.value & 7]; }
};

}  // namespace situ
