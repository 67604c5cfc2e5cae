// The state of one traced run. run.cpp sets it up and waits for stops, run_stops.cpp says what each stop
// means, run_steps.cpp makes the steps.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heap/ledger.h"
#include "heap/ring.h"
#include "inspect/memory_capture.h"
#include "inspect/module_map.h"
#include "symbols/type_table.h"
#include "trace/frame_track.h"
#include "trace/function_names.h"
#include "trace/heap_watch.h"
#include "trace/marker.h"
#include "trace/region_track.h"
#include "trace/session.h"
#include "trace/static_track.h"
#include "trace/stop_plan.h"
#include "unwind/unwinder.h"

namespace situ {

// What waitpid's status says of a process's end.
ExitStatus exit_status_of(int wait_status);

class Run {
 public:
  Run(const TraceOptions& options, StepSink* sink);
  TraceResult run();

 private:
  // One stop's reading of its thread.
  struct Reading {
    ThreadState state;
    std::optional<StackSnapshot> stack;
  };

  LaunchOptions launch_options() const;
  void describe_program();
  void add_modules();
  void refresh_regions();
  ThreadTrack& track_of(pid_t tid);

  bool handle(const Stop& stop);  // false: the run is over
  void on_breakpoint(pid_t tid, Address address);
  void on_jump(ThreadTrack& track, const Site& site);
  void on_landing(ThreadTrack& track);
  void on_entry(ThreadTrack& track, const Site& site);
  void on_return(ThreadTrack& track, const Site& site);
  void keep_returned(Step& step, pid_t tid);
  void on_body(ThreadTrack& track, const Site& site);
  void on_statement(ThreadTrack& track, const Site& site);
  void on_trap(pid_t tid);
  std::string name_for_purpose(const StackLine& line) const;
  void on_signal(pid_t tid, const SignalStop& signal);
  void on_exiting(pid_t tid, const ThreadExiting& exiting);

  StepIndex next_step() const { return static_cast<StepIndex>(recording_.steps.size()); }
  // Steps before --from N are counted, so that numbers are those of the whole run; nothing is read for them.
  bool is_recorded(StepIndex step) const { return step >= recording_.program.recorded_from; }
  void find_alternate_stack(ThreadTrack& track);
  Reading read_thread(ThreadTrack& track, std::optional<Address> lowest = {});
  // Makes the step: frames, others, memory, sink. `step` holds what the stop itself says.
  void make_step(ThreadTrack& track, Step step, Reading& reading, const Observation& observation,
                 const Chain& chain);
  void make_plain_step(ThreadTrack& track, Cause cause);
  void place_step(Step& step, const ThreadTrack& track);
  void read_other_stacks(const ThreadTrack& track, std::vector<StackSnapshot>& stacks) const;
  void read_others(pid_t stepper, StepIndex step, std::vector<StackSnapshot>& stacks,
                   std::vector<std::uint64_t>& roots);
  void open_window();
  void close_window(std::string why);
  bool window_ends_here(Address address) const;
  void check_window() const;  // throws Error{usage}
  void note_window();
  bool is_code(Address address);
  void plant_return(Address return_address);
  void finish();

  const TraceOptions& options_;
  StepSink* sink_;
  Recording recording_;
  TypeTable types_{recording_.types};
  UserCode user_code_;
  Ring ring_;
  Ledger ledger_{recording_, options_.heap};
  HeapWatch heap_{ring_, ledger_};
  ModuleMap modules_{recording_, types_, user_code_};
  Unwinder unwinder_;
  RegionTrack regions_{recording_};
  FunctionNames names_{recording_, modules_};
  FrameTracker frames_{recording_, names_, unwinder_, regions_};
  StopPlan plan_;
  StaticTrack statics_{recording_, modules_};
  std::unique_ptr<Tracee> tracee_;
  std::optional<Marker> marker_;
  std::optional<MemoryCapture> memory_;
  std::map<pid_t, ThreadTrack> threads_;
  std::size_t user_functions_ = 0;
  std::vector<Address> from_, until_;
  enum class Window { before, open, after } window_ = Window::before;
};

}  // namespace situ
