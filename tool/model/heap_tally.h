// Totals over heap events, counted as Valgrind counts its "total heap usage": from a recording's events
// (analysis/heap_totals.h) or, where nobody keeps those, as they happen (heap/ledger.h).
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "model/block.h"

namespace situ {

struct HeapTotals {
  std::uint64_t allocations = 0, releases = 0;
  std::uint64_t bytes = 0;                        // requested over the whole run
  std::uint64_t peak_bytes = 0;                   // most bytes requested and live at one time
  std::uint64_t live_blocks = 0, live_bytes = 0;  // at the end
  friend bool operator==(const HeapTotals&, const HeapTotals&) = default;
};

// Keeps one entry for each live block, whatever the number of events.
class HeapTally {
 public:
  // `moved_from`: the block that this realloc moved to the event's.
  void count(const HeapEvent& event, std::optional<BlockId> moved_from);
  HeapTotals totals() const;

 private:
  void allocate(BlockId block, std::uint64_t requested);
  void release(BlockId block);
  void resize(const HeapEvent& event, std::optional<BlockId> moved_from);

  HeapTotals totals_;
  std::unordered_map<BlockId, std::uint64_t> live_;  // with the requested bytes
};

}  // namespace situ
