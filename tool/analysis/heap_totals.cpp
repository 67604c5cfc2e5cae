#include "analysis/heap_totals.h"

namespace situ {

HeapTotals heap_totals(const Recording& recording) {
  if (recording.heap_totals) return *recording.heap_totals;
  std::unordered_map<BlockId, BlockId> old_of;  // the block that a realloc moved to the key
  for (std::uint32_t i = 0; i < recording.blocks.size(); ++i) {
    if (recording.blocks[i].moved_to) old_of.emplace(*recording.blocks[i].moved_to, BlockId{i});
  }
  HeapTally tally;
  for (const HeapEvent& event : recording.events) {
    const auto old = event.block ? old_of.find(*event.block) : old_of.end();
    tally.count(event, old == old_of.end() ? std::nullopt : std::optional(old->second));
  }
  return tally.totals();
}

}  // namespace situ
