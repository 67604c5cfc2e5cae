// One traced run: where to stop, what one step is, what was born and died since the last one (design:
// semantics.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heap/ledger.h"
#include "inspect/memory_capture.h"
#include "model/step_sink.h"
#include "process/tracee.h"
#include "symbols/user_code.h"

namespace situ {

enum class StepKinds { none, calls, lines };
enum class RunningThreads { stop, leave };
enum class Marking { off, on };

// A place a window begins or ends at: FUNCTION, FILE:LINE or a step number.
struct StepPlace {
  std::string function, file;
  std::uint32_t line = 0;
  std::optional<StepIndex> step;
};

struct TraceOptions {
  LaunchOptions launch;
  StepKinds steps = StepKinds::lines;
  UserCode::Options user_code;
  std::optional<StepPlace> from, until;
  StepIndex max_steps = 200'000;
  RunningThreads running_threads = RunningThreads::stop;
  Marking marking = Marking::on;
  CaptureBudget budget;
  HeapDetail heap = HeapDetail::everything;
};

struct TraceResult {
  Recording recording;
  TraceCounts counts;
};

// Throws Error{cannot_trace}. `sink` may be null.
TraceResult trace(const TraceOptions& options, StepSink* sink);

}  // namespace situ
