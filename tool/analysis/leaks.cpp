#include "analysis/leaks.h"

#include <algorithm>

namespace situ {

std::vector<Leak> leaks(const Recording& recording) {
  std::vector<Leak> lost;
  for (const Unreachable& one : unreachable_blocks(recording)) {
    const Block& block = recording.at(one.block);
    if (!block.user) continue;
    Leak leak;
    leak.block = one.block;
    leak.direct = one.direct;
    leak.bytes = block.sizes.empty() ? 0 : block.sizes.back().requested;
    const auto site = std::ranges::find_if(block.stack, [&](const StackLine& line) {
      return line.function && recording.at(*line.function).user;
    });
    if (site != block.stack.end()) {
      leak.function = site->function;
      leak.file = site->file;
      leak.line = site->line;
    }
    lost.push_back(leak);
  }
  return lost;
}

}  // namespace situ
