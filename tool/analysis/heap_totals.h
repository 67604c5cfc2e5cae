// Totals over a recording's heap events, counted as Valgrind counts its "total heap usage".
#pragma once

#include <cstdint>

#include "model/recording.h"

namespace situ {

struct HeapTotals {
  std::uint64_t allocations = 0, releases = 0;
  std::uint64_t bytes = 0;                        // requested over the whole run
  std::uint64_t peak_bytes = 0;                   // most bytes requested and live at one time
  std::uint64_t live_blocks = 0, live_bytes = 0;  // at the end
};
HeapTotals heap_totals(const Recording& recording);

}  // namespace situ
