#include <algorithm>

#include "trace/run.h"
#include "unwind/code_rules.h"

namespace situ {

// Handlers that run on a stack of their own: the kernel has written its bounds into the signal frame.
void Run::find_alternate_stack(ThreadTrack& track) {
  track.signalled = false;
  const std::vector<RawFrame> frames =
      unwinder_.unwind(tracee_->state(track.tid).registers, *tracee_,
                       [](const RawFrame& frame) { return frame.signal_frame; });
  if (frames.empty() || !frames.back().signal_frame) return;
  if (const auto range = alternate_stack_of_signal(frames.back().sp(), *tracee_))
    regions_.see_alternate_stack(next_step(), track.id, *range);
}

Run::Reading Run::read_thread(ThreadTrack& track, std::optional<Address> lowest) {
  Reading reading{tracee_->state(track.tid), {}};
  const Address sp = reading.state.registers.sp();
  track.last_registers = reading.state.registers;
  regions_.see_stack_pointer(next_step(), track.id, sp);
  if (track.signalled || !regions_.stack_at(sp)) find_alternate_stack(track);
  if (!regions_.stack_at(sp)) refresh_regions();
  AddressRange stack{sp, sp + 4096};
  if (const auto region = regions_.at(sp)) stack = recording_.at(*region).range;
  reading.stack.emplace(*tracee_, lowest && *lowest + 128 < sp ? *lowest + 128 : sp, stack);
  return reading;
}

void Run::make_plain_step(ThreadTrack& track, Cause cause) {
  const ThreadState state = tracee_->state(track.tid);
  Reading reading = read_thread(track);
  const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
  frames_.pop_dead(track, next_step(), state.registers.sp(), std::nullopt);
  const Chain chain = frames_.unwind(track, observation);
  Step step;
  step.cause = cause;
  make_step(track, std::move(step), reading, observation, chain);
}

void Run::place_step(Step& step, const ThreadTrack& track) {
  const auto user = std::find_if(track.frames.rbegin(), track.frames.rend(),
                                 [](const TrackedFrame& f) { return f.code.user_function; });
  const bool heap_step = step.cause == Cause::alloc || step.cause == Cause::free;
  const TrackedFrame* frame = track.frames.empty() ? nullptr : &track.frames.back();
  if (heap_step && user != track.frames.rend()) frame = &*user;
  if (!frame) return;
  // A call is the physical function's, even where the code of one inlined in it comes first.
  const bool called = step.cause == Cause::call && recording_.at(frame->id).life.born == next_step();
  if (!step.frame) {
    step.frame = called ? frame->id : frame->innermost();
    step.function = recording_.at(*step.frame).function;
  }
  if (called && !frame->inlined.empty() && step.file.empty()) {
    step.file = frame->inlined.front().call.call_site.file;
    step.line = frame->inlined.front().call.call_site.line;
  }
  if (!step.file.empty() || step.cause == Cause::returned || !frame->code.user_function) return;
  if (const auto& line = names_.line_at(frame->raw.lookup_address())) {
    step.file = line->file;
    step.line = line->line;
  }
}

void Run::make_step(ThreadTrack& track, Step step, Reading& reading, const Observation& observation,
                    const Chain& chain) {
  heap_.settle(observation.step);
  frames_.observe(track, observation, chain);
  statics_.observe_thread(track.id, observation.thread_pointer, observation.step, *tracee_);
  for (auto frame = track.frames.rbegin(); frame != track.frames.rend(); ++frame) {
    const Frame& born = recording_.at(frame->id);
    if (born.life.born != observation.step) break;
    if (born.user && born.return_address) plant_return(*born.return_address);
  }
  if (step.cause == Cause::line && !track.frames.empty() &&
      recording_.at(track.frames.back().id).life.born < observation.step &&
      recording_.at(track.frames.back().innermost()).life.born == observation.step)
    step.cause = Cause::call;  // of an inlined function
  step.index = observation.step;
  step.thread = track.id;
  step.pc = observation.registers.pc();
  step.sp = observation.registers.sp();
  place_step(step, track);
  const bool last = step.cause == Cause::exit;
  recording_.steps.push_back(std::move(step));
  if (!is_recorded(observation.step) && !last) return;

  std::vector<StackSnapshot> others;
  std::vector<std::uint64_t> roots;
  const auto add_roots = [&](const Registers& registers) {
    for (std::size_t i = 0; i < register_count - 1; ++i)
      if (const auto value = registers.get(static_cast<Reg>(i))) roots.push_back(*value);
  };
  add_roots(reading.state.registers);
  read_other_stacks(track, others);
  if (options_.running_threads == RunningThreads::stop && threads_.size() > 1)
    read_others(track.tid, observation.step, others, roots);
  std::vector<const StackSnapshot*> stacks{&*reading.stack};
  for (const StackSnapshot& other : others) stacks.push_back(&other);
  statics_.refresh(observation.step, *tracee_);
  memory_->capture(observation.step, stacks, roots, statics_.ranges());
  if (sink_) sink_->on_step(recording_, observation.step);
  if (window_ == Window::open && next_step() - recording_.program.recorded_from >= options_.max_steps)
    close_window("reached --max-steps " + std::to_string(options_.max_steps));
}

// The stacks that are suspended while the thread runs on another one of its own.
void Run::read_other_stacks(const ThreadTrack& track, std::vector<StackSnapshot>& stacks) const {
  if (track.frames.empty()) return;
  std::vector<RegionId> read;
  if (const auto current = regions_.stack_at(track.last_registers->sp())) read.push_back(*current);
  for (auto frame = track.frames.rbegin(); frame != track.frames.rend(); ++frame) {
    if (!frame->stack || std::ranges::find(read, *frame->stack) != read.end()) continue;
    read.push_back(*frame->stack);
    stacks.emplace_back(*tracee_, frame->raw.sp(), recording_.at(*frame->stack).range);
  }
}

void Run::read_others(pid_t stepper, StepIndex step, std::vector<StackSnapshot>& stacks,
                      std::vector<std::uint64_t>& roots) {
  const std::vector<pid_t> stopped = tracee_->stop_others(stepper);
  for (const pid_t tid : stopped) {
    const auto found = threads_.find(tid);
    if (found == threads_.end() || !found->second.saw_user_frame) continue;
    ThreadTrack& other = found->second;
    Reading reading = read_thread(other);
    const Observation observation{step, reading.state.registers, reading.state.thread_pointer,
                                  &*reading.stack};
    frames_.pop_dead(other, step, observation.registers.sp(), std::nullopt);
    frames_.observe(other, observation, frames_.unwind(other, observation));
    statics_.observe_thread(other.id, observation.thread_pointer, step, *tracee_);
    for (std::size_t i = 0; i < register_count - 1; ++i)
      if (const auto value = observation.registers.get(static_cast<Reg>(i))) roots.push_back(*value);
    stacks.push_back(std::move(*reading.stack));
  }
  tracee_->resume_all(stopped);
}

void Run::plant_return(Address return_address) {
  if (window_ == Window::open && is_code(return_address) && plan_.add_return(return_address))
    tracee_->plant(std::span(&return_address, 1));
}

}  // namespace situ
