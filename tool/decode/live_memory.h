// Memory at a step as the values in it see it: what is read from inside a live heap block ends with the
// block, for what stands behind it is another's.
#pragma once

#include <algorithm>

#include "decode/timeline.h"

namespace situ {

class LiveMemory : public MemoryReader {
 public:
  LiveMemory(const Recording& recording, const Timeline& timeline, StepIndex step)
      : recording_(recording), timeline_(timeline), step_(step) {}

  std::size_t read(Address from, std::span<std::byte> into) const override {
    if (const auto id = timeline_.block_around(from, step_)) {
      const Block& block = recording_.at(*id);
      const BlockSize* size = size_at(block, step_);
      const auto offset = static_cast<std::uint64_t>(from - block.address);
      if (size && size->requested > offset) {
        into = into.first(std::min<std::uint64_t>(into.size(), size->requested - offset));
      }
    }
    return recording_.memory.read(step_, from, into);
  }

 private:
  const Recording& recording_;
  const Timeline& timeline_;
  StepIndex step_;
};

}  // namespace situ
