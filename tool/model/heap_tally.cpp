#include "model/heap_tally.h"

#include <algorithm>

namespace situ {

void HeapTally::count(const HeapEvent& event, std::optional<BlockId> moved_from) {
  if (!event.block) return;  // it failed, or released what was no block
  if (releases(event.op)) {
    release(*event.block);
  } else if (event.op == HeapOp::realloc || event.op == HeapOp::reallocarray) {
    resize(event, moved_from);
  } else {
    allocate(*event.block, event.requested);
  }
}

HeapTotals HeapTally::totals() const {
  HeapTotals all = totals_;
  all.live_blocks = live_.size();
  return all;
}

void HeapTally::allocate(BlockId block, std::uint64_t requested) {
  ++totals_.allocations;
  totals_.bytes += requested;
  live_.emplace(block, requested);
  totals_.live_bytes += requested;
  totals_.peak_bytes = std::max(totals_.peak_bytes, totals_.live_bytes);
}

void HeapTally::release(BlockId block) {
  const auto found = live_.find(block);
  if (found == live_.end()) return;
  ++totals_.releases;
  totals_.live_bytes -= found->second;
  live_.erase(found);
}

// `event.block` is the resulting block: itself when the size changed in place, else a new one. The old size
// leaves before the new one counts: they never are the program's at the same time.
void HeapTally::resize(const HeapEvent& event, std::optional<BlockId> moved_from) {
  if (!event.address) {  // realloc(p, 0) that frees; any other without a result changed nothing
    if (event.requested == 0) release(*event.block);
    return;
  }
  if (moved_from) release(*moved_from);
  release(*event.block);
  allocate(*event.block, event.requested);
}

}  // namespace situ
