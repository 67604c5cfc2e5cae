// Totals over a recording's heap events.
#pragma once

#include "model/heap_tally.h"
#include "model/recording.h"

namespace situ {

// Of a recording without its events: what the tracer counted.
HeapTotals heap_totals(const Recording& recording);

}  // namespace situ
