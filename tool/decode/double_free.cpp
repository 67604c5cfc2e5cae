#include "decode/double_free.h"

namespace situ {

std::optional<BlockId> released_again(const Recording& recording, const HeapEvent& event) {
  const bool resizes = event.op == HeapOp::realloc || event.op == HeapOp::reallocarray;
  if (event.block || !event.argument || (!releases(event.op) && !resizes)) return std::nullopt;
  std::optional<BlockId> latest;
  for (std::uint32_t i = 0; i < recording.blocks.size(); ++i) {
    const Block& block = recording.blocks[i];
    if (block.address != event.argument || !block.life.died || *block.life.died > event.step) continue;
    if (!latest || *recording.at(*latest).life.died <= *block.life.died) latest = BlockId{i};
  }
  return latest;
}

}  // namespace situ
