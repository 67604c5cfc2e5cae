// The frames of one thread, kept up from stop to stop: unwound only as far as a frame that is already known,
// ended by the one rule "alive iff sp < CFA on the same stack" (design: semantics, Frames).
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "inspect/memory_capture.h"
#include "inspect/places.h"
#include "model/recording.h"
#include "process/tracee.h"
#include "trace/function_names.h"
#include "trace/region_track.h"
#include "trace/variable_track.h"
#include "unwind/unwinder.h"

namespace situ {

// An entry that was passed and whose frame is not born yet: the call step comes at the end of the prologue.
struct Entered {
  Address cfa;
  std::optional<Address> return_address;
  const FunctionInfo* function = nullptr;
  Registers registers;
  std::vector<Mark> marks;
  bool replaces_top = false;  // a tail call: the frame with this CFA was given up for it
};

// A function inlined in a tracked frame: a frame of its own without a place on the stack.
struct TrackedInline {
  FrameId id;
  InlinedCall call;
  VariableTrack variables;
};

struct TrackedFrame {
  FrameId id;
  RawFrame raw;
  CodePlace code;
  std::optional<RegionId> stack;
  bool leads_to_other_stack = false;  // a trampoline on an alternate stack: its CFA is the interrupted sp
  VariableTrack variables;
  std::vector<TrackedInline> inlined;  // outermost first
  // Position of this frame's last step; empty right after a call, return, allocation or release.
  std::optional<std::pair<std::string, std::uint32_t>> last_line;

  // The frame in which the code at its pc stands.
  FrameId innermost() const { return inlined.empty() ? id : inlined.back().id; }
};

struct ThreadTrack {
  pid_t tid = 0;
  ThreadId id;
  std::vector<TrackedFrame> frames;  // outermost first
  std::vector<Entered> entered;      // oldest first
  // Why frames that are found dead without a return ended; set by _Unwind_SetIP and longjmp stops.
  std::optional<EndedBy> ending;
  std::optional<Registers> last_registers;  // at its last observation
  bool saw_user_frame = false;
  bool signalled = false;  // a signal was delivered since: its handler may be on a stack not yet known
};

// What a stop looks like to the tracker. For heap traps the registers are those of the probe's caller.
struct Observation {
  StepIndex step = 0;
  Registers registers;
  Address thread_pointer;
  const MemoryReader* memory = nullptr;
  bool pc_is_return_address = false;  // the innermost frame stands after a call (into the probe)
};

// The frames of a stopped thread: the new ones, and how many of the tracked ones are still there below them.
struct Chain {
  std::vector<RawFrame>
      frames;            // innermost first; if `joins`, the last one is the innermost kept tracked frame
  std::size_t kept = 0;  // tracked frames [0, kept) live on
  bool joins = false;
};

class FrameTracker {
 public:
  FrameTracker(Recording& recording, FunctionNames& names, Unwinder& unwinder, const RegionTrack& regions)
      : recording_(recording), names_(names), unwinder_(unwinder), regions_(regions) {}

  // Ends the frames that `sp` has left behind; `reason` for the topmost user frame that ends exactly at sp.
  void pop_dead(ThreadTrack& track, StepIndex step, Address sp, std::optional<EndedBy> reason_at_sp) const;
  // Unwinds as far as a known frame. Changes nothing.
  Chain unwind(const ThreadTrack& track, const Observation& observation) const;
  // Whether a frame of the user's is among them.
  bool has_user_frame(const ThreadTrack& track, const Chain& chain) const;
  // Brings the track up to date: frames born and dead, places, extents.
  void observe(ThreadTrack& track, const Observation& observation, const Chain& chain);
  // The call stack as it is kept with a block: innermost first.
  std::vector<StackLine> stack_lines(const ThreadTrack& track, const Chain& chain) const;
  // Ends everything: the thread is gone.
  void end_all(ThreadTrack& track, StepIndex step, EndedBy reason) const;
  // How to read a stopped thread's vector registers; without, values in them are not had.
  using ReadVectors = std::function<std::optional<VectorRegisters>(pid_t tid)>;
  void read_vectors_by(ReadVectors read) { read_vectors_ = std::move(read); }

 private:
  void join_outermost(const ThreadTrack& track, Chain& chain) const;
  static bool has_same_callers(const ThreadTrack& track, std::size_t index, const MemoryReader& memory);
  static void keep_what_lives(const ThreadTrack& track, Chain& chain);
  void end(TrackedFrame& frame, StepIndex step, std::optional<EndedBy> reason) const;
  TrackedFrame begin(ThreadTrack& track, const RawFrame& raw, const Observation& observation,
                     const TrackedFrame* caller);
  void refresh(ThreadTrack& track, TrackedFrame& frame, const Observation& observation);
  // The functions inlined at its pc: those that were left end, those that were entered begin.
  void refresh_inlined(const ThreadTrack& track, TrackedFrame& frame, StepIndex step);
  TrackedInline begin_inlined(const TrackedFrame& frame, const InlinedCall& call, StepIndex step);
  void end_inlined(TrackedInline& frame, StepIndex step, std::optional<EndedBy> reason) const;
  void refresh_variables(pid_t tid, TrackedFrame& frame, const Observation& observation);

  Recording& recording_;
  FunctionNames& names_;
  Unwinder& unwinder_;
  const RegionTrack& regions_;
  ReadVectors read_vectors_;
};

}  // namespace situ
