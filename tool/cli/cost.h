// What a value costs on this machine by where it lies, in cycles: what `situ cost` measures.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace situ {

// Cycles of one operation, over the samples that were taken.
struct Spread {
  double best = 0, median = 0, most = 0;  // most: nine in ten samples were no slower
};

struct Cost {
  std::string name;  // for programs: "malloc_free"
  std::string what;  // for people
  Spread cycles;
};

struct CostReport {
  std::string processor;        // as /proc/cpuinfo names it; empty when it does not
  double cycles_per_ns = 0;     // of the time stamp counter, against CLOCK_MONOTONIC_RAW
  bool steady_counter = false;  // it runs at one rate whatever the processor's clock does
  std::size_t last_cache = 0;   // bytes of the last level of cache; 0: unknown
  std::size_t far_bytes = 0;    // what the far chain of pointers goes through
  std::vector<Cost> costs;
};

inline constexpr int cost_samples = 101, cost_batch = 1000;

// On a thread of its own that stays on one core: warms up, then measures.
CostReport measure_costs();

}  // namespace situ
