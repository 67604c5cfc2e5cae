#include "analysis/heap_totals.h"

#include <algorithm>
#include <unordered_map>

namespace situ {
namespace {

class Counting {
 public:
  explicit Counting(const Recording& recording) {
    for (std::uint32_t i = 0; i < recording.blocks.size(); ++i) {
      if (recording.blocks[i].moved_to) old_of_.emplace(*recording.blocks[i].moved_to, BlockId{i});
    }
  }

  void count(const HeapEvent& event) {
    if (!event.block) return;  // it failed, or released what was no block
    if (releases(event.op)) {
      release(*event.block);
    } else if (event.op == HeapOp::realloc || event.op == HeapOp::reallocarray) {
      resize(event);
    } else {
      allocate(*event.block, event.requested);
    }
  }

  HeapTotals totals() const {
    HeapTotals all = totals_;
    all.live_blocks = live_.size();
    return all;
  }

 private:
  void allocate(BlockId block, std::uint64_t requested) {
    ++totals_.allocations;
    totals_.bytes += requested;
    live_.emplace(block, requested);
    totals_.live_bytes += requested;
    totals_.peak_bytes = std::max(totals_.peak_bytes, totals_.live_bytes);
  }

  void release(BlockId block) {
    const auto found = live_.find(block);
    if (found == live_.end()) return;
    ++totals_.releases;
    totals_.live_bytes -= found->second;
    live_.erase(found);
  }

  // `event.block` is the resulting block: itself when the size changed in place, else a new one that the old
  // one names in moved_to. The old size leaves before the new one counts: they never are the program's at the
  // same time.
  void resize(const HeapEvent& event) {
    if (!event.address) {  // realloc(p, 0) that frees; any other without a result changed nothing
      if (event.requested == 0) release(*event.block);
      return;
    }
    if (const auto old = old_of_.find(*event.block); old != old_of_.end()) release(old->second);
    release(*event.block);
    allocate(*event.block, event.requested);
  }

  HeapTotals totals_;
  std::unordered_map<BlockId, std::uint64_t> live_;  // with the requested bytes
  std::unordered_map<BlockId, BlockId> old_of_;      // the block that a realloc moved to the key
};

}  // namespace

HeapTotals heap_totals(const Recording& recording) {
  Counting counting(recording);
  for (const HeapEvent& event : recording.events) counting.count(event);
  return counting.totals();
}

}  // namespace situ
