#include <algorithm>
#include <csignal>
#include <filesystem>

#include "heap/purpose.h"
#include "process/float_registers.h"
#include "trace/returned.h"
#include "trace/run.h"

namespace situ {

void Run::on_breakpoint(pid_t tid, Address address) {
  ThreadTrack& track = track_of(tid);
  if (track.signalled) find_alternate_stack(track);
  if (window_ == Window::before && std::ranges::find(from_, address) != from_.end()) open_window();
  if (window_ != Window::open) return;
  const Site* site = plan_.find(address);
  if (!site) return;
  const Site here = *site;  // planting a return address may move the table
  if (here.landing && track.ending) on_landing(track);
  if (here.sets_landing_pad || here.long_jump || here.sets_jump) on_jump(track, here);
  if (here.return_address) on_return(track, here);
  if (here.entry_of) on_entry(track, here);
  if (here.body_of) on_body(track, here);
  if (here.statement) on_statement(track, here);
  if (window_ == Window::open && window_ends_here(address)) close_window("reached --until");
}

bool Run::is_code(Address address) {
  if (!regions_.at(address)) refresh_regions();
  const auto region = regions_.at(address);
  return region &&
         (recording_.at(*region).kind == RegionKind::code || recording_.at(*region).kind == RegionKind::vdso);
}

// An exception or a long jump is under way, or setjmp says where one will land. Where it lands gets its int3:
// only there is it certain which frames it ended.
void Run::on_jump(ThreadTrack& track, const Site& site) {
  const ThreadState state = tracee_->state(track.tid);
  if (site.long_jump) {
    track.ending = EndedBy::longjmp;
    return;
  }
  std::optional<std::uint64_t> landing = state.registers.get(Reg::rsi);  // _Unwind_SetIP(context, address)
  if (site.sets_landing_pad)
    track.ending = EndedBy::unwind;
  else
    landing = tracee_->read_value<std::uint64_t>(state.registers.sp());  // setjmp returns twice
  if (!landing || !is_code(Address{*landing})) return;
  const Address address{*landing};
  if (plan_.add_landing(address)) tracee_->plant(std::span(&address, 1));
}

void Run::on_landing(ThreadTrack& track) {
  frames_.pop_dead(track, next_step(), tracee_->state(track.tid).registers.sp(), std::nullopt);
  track.ending.reset();
}

void Run::on_entry(ThreadTrack& track, const Site& site) {
  const ThreadState state = tracee_->state(track.tid);
  const Address sp = state.registers.sp();
  const Address cfa = sp + 8;
  const auto return_address = tracee_->read_value<std::uint64_t>(sp);
  // Code that was jumped to has other things there: an int3 in them would change the program's data.
  if (!return_address || !is_code(Address{*return_address})) return;
  frames_.pop_dead(track, next_step(), sp, std::nullopt);
  bool replaces = false;
  if (!track.frames.empty() && track.frames.back().raw.cfa == cfa && track.frames.back().code.user_function) {
    const TrackedFrame& top = track.frames.back();
    // The same return address at the same place: the function itself jumped to its start, or it gave its
    // place up.
    if (recording_.at(top.id).return_address == Address{*return_address}) {
      if (top.code.user_function == site.entry_of) return;
      replaces = true;
    } else {
      frames_.pop_dead(track, next_step(), cfa, std::nullopt);  // an exception or a long jump ended it
    }
  }
  track.ending.reset();
  std::erase_if(track.entered, [&](const Entered& e) { return e.cfa == cfa; });
  Entered entered{.cfa = cfa,
                  .return_address = Address{*return_address},
                  .function = site.entry_of,
                  .registers = state.registers,
                  .marks = {},
                  .replaces_top = replaces};
  if (marker_) entered.marks = marker_->mark(*site.module, *site.entry_of, cfa, recording_.types);
  track.entered.push_back(std::move(entered));
  plant_return(Address{*return_address});
  if (!heap_.traps() && recording_.program.heap_seen) heap_.trap_on(*tracee_);
}

void Run::on_return(ThreadTrack& track, const Site&) {
  const ThreadState state = tracee_->state(track.tid);
  const Address sp = state.registers.sp();
  // Frames below sp that no return told of ended otherwise; the one whose CFA is sp returns now.
  const auto returning = std::ranges::find_if(
      track.frames, [&](const TrackedFrame& f) { return f.code.user_function && f.raw.cfa == sp; });
  if (returning == track.frames.end() || recording_.at(returning->id).return_address != state.registers.pc())
    return;

  const TrackedFrame ended = *returning;
  Step step;
  step.cause = Cause::returned;
  step.frame = ended.id;
  step.function = ended.code.function;
  step.rax = state.registers.get(Reg::rax);
  step.rdx = state.registers.get(Reg::rdx);
  if (step.function) keep_returned(step, track.tid);
  const auto& extents = recording_.at(ended.id).extents;
  const Address low = extents.empty() ? sp : ended.raw.cfa - extents.back().size;
  Reading reading = read_thread(track, low);
  frames_.pop_dead(track, next_step(), sp, EndedBy::returned);
  const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
  const Chain chain = frames_.unwind(track, observation);
  if (const auto& line = names_.line_at(state.registers.pc());
      line && names_.at(state.registers.pc()).user_function) {
    step.file = line->file;
    step.line = line->line;
  }
  make_step(track, std::move(step), reading, observation, chain);
  if (!track.frames.empty()) track.frames.back().last_line.reset();
  if (marker_) marker_->restore(recording_.at(ended.id).marks);
}

void Run::keep_returned(Step& step, pid_t tid) {
  const auto type = recording_.at(*step.function).return_type;
  if (!type) return;
  if (returned_in_float_registers(recording_, *type)) {
    if (const auto registers = float_registers(tid)) {
      step.xmm0 = registers->xmm[0];
      step.xmm1 = registers->xmm[1];
      step.st0 = registers->st0;
    }
  }
  // What lies on this stack is read anyway.
  const std::uint64_t size = returned_in_memory(recording_, *type);
  const Address place{step.rax.value_or(0)};
  const auto region = size != 0 ? regions_.at(place) : std::nullopt;
  if (region && recording_.at(*region).kind != RegionKind::stack && is_recorded(next_step()))
    memory_->capture_range(next_step(), place, size);
}

void Run::on_body(ThreadTrack& track, const Site& site) {
  const ThreadState state = tracee_->state(track.tid);
  frames_.pop_dead(track, next_step(), state.registers.sp(), std::nullopt);
  track.ending.reset();
  if (marker_ && !track.entered.empty() && track.entered.back().function == site.body_of) {
    Entered& entered = track.entered.back();
    marker_->mark_again(*site.module, *site.body_of, entered.cfa, entered.marks);
  }
  Reading reading = read_thread(track);
  const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
  const Chain chain = frames_.unwind(track, observation);
  if (chain.joins && chain.frames.size() == 1)
    return;  // a jump back to the end of the prologue: the frame lives already
  Step step;
  step.cause = Cause::call;
  make_step(track, std::move(step), reading, observation, chain);
  if (track.frames.empty()) return;
  TrackedFrame& top = track.frames.back();
  const Step& made = recording_.steps.back();
  if (top.code.user_function == site.body_of) top.last_line = {made.file, made.line};
  if (track.frames.size() > 1) track.frames[track.frames.size() - 2].last_line.reset();
}

void Run::on_statement(ThreadTrack& track, const Site& site) {
  const ThreadState state = tracee_->state(track.tid);
  const Address sp = state.registers.sp();
  frames_.pop_dead(track, next_step(), sp, std::nullopt);
  track.ending.reset();
  const std::pair<std::string, std::uint32_t> here{site.statement->file, site.statement->line};
  if (!track.frames.empty()) {
    const TrackedFrame& top = track.frames.back();
    if (top.code.user_function == site.function && top.last_line == here &&
        std::ranges::none_of(track.entered, [&](const Entered& e) { return e.cfa <= top.raw.cfa; }))
      return;  // another row of the line that is being run
  }
  Reading reading = read_thread(track);
  const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
  const Chain chain = frames_.unwind(track, observation);
  Step step;
  step.cause = Cause::line;
  step.file = here.first;
  step.line = here.second;
  make_step(track, std::move(step), reading, observation, chain);
  if (!track.frames.empty()) track.frames.back().last_line = here;
}

void Run::on_trap(pid_t tid) {
  ThreadTrack& track = track_of(tid);
  const ThreadState state = tracee_->state(tid);
  const auto trap = HeapWatch::trap_of(state);
  if (!trap) return;
  if (trap->kind == wire::Trap::ring_full) return heap_.settle(next_step());
  if (window_ != Window::open) {
    heap_.settle_trap(next_step(), *trap, state.thread_pointer);
    return;
  }
  const auto record = heap_.record_of(*trap);
  if (!record) return;
  if (trap->kind == wire::Trap::before_realloc) {
    if (!is_recorded(next_step())) return;
    if (const auto block = ledger_.live_at(record->argument))
      if (recording_.at(*block).user)
        memory_->capture_range(next_step(), record->argument, recording_.at(*block).sizes.back().requested);
    return;
  }
  frames_.pop_dead(track, next_step(), state.registers.sp(), std::nullopt);

  // The probe's own frames come off: the step is its caller's.
  Reading reading = read_thread(track);
  const std::vector<RawFrame> probe_frames = unwinder_.unwind(
      state.registers, *reading.stack, [&](const RawFrame& f) { return !HeapWatch::is_probe_code(f.pc()); });
  if (probe_frames.empty() || HeapWatch::is_probe_code(probe_frames.back().pc())) {
    heap_.settle_trap(next_step(), *trap, state.thread_pointer);
    return;
  }
  Observation observation{next_step(), probe_frames.back().registers, state.thread_pointer, &*reading.stack,
                          true};
  const Chain chain = frames_.unwind(track, observation);
  const bool user_frame = frames_.has_user_frame(track, chain);
  const std::vector<StackLine> stack = frames_.stack_lines(track, chain);
  const auto change = heap_.settle_trap(next_step(), *trap, state.thread_pointer);
  if (!change) return;

  const bool release = trap->kind == wire::Trap::before_release;
  // A realloc to 0 bytes released its block.
  std::optional<BlockId> block = change->born      ? change->born
                                 : change->resized ? change->resized
                                                   : change->died;
  if (!block) return;
  if (change->died) recording_.blocks[change->died->value].free_stack = stack;
  if (change->born) {
    Block& born = recording_.blocks[change->born->value];
    born.stack = stack;
    std::vector<std::string> library;
    for (const StackLine& line : stack) {
      if (line.function && recording_.at(*line.function).user) break;
      library.push_back(name_for_purpose(line));
    }
    const Purpose purpose = purpose_of(library);
    ledger_.name(*change->born, user_frame && purpose == Purpose::none, purpose);
  }
  if (!user_frame || !recording_.at(*block).user) return;
  if (!regions_.covers(recording_.at(*block).address)) refresh_regions();
  // With the word in front: glibc's chunk size and flags, the allocator's mark.
  if (recording_.at(*block).header) memory_->capture_range(next_step(), recording_.at(*block).address - 8, 8);
  if (release && is_recorded(next_step()))
    memory_->capture_range(next_step(), recording_.at(*block).address,
                           recording_.at(*block).sizes.back().requested);
  Step step;
  step.cause = change->born || change->resized ? Cause::alloc : Cause::free;
  step.block = block;
  make_step(track, std::move(step), reading, observation, chain);
  for (TrackedFrame& frame : track.frames)
    if (frame.code.user_function) frame.last_line.reset();
}

// A function without a symbol goes by its module (heap/purpose.h).
std::string Run::name_for_purpose(const StackLine& line) const {
  if (line.function) return recording_.at(*line.function).name;
  const LoadedModule* module = modules_.find(line.pc - 1);
  return module ? "[" + std::filesystem::path(module->symbols->path()).filename().string() + "]"
                : std::string();
}

void Run::on_signal(pid_t tid, const SignalStop& signal) {
  ThreadTrack& track = track_of(tid);
  if (window_ != Window::open) {
    track.signalled = true;
    return;
  }
  const ThreadState state = tracee_->state(tid);
  Reading reading = read_thread(track);
  const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
  frames_.pop_dead(track, next_step(), state.registers.sp(), std::nullopt);
  const Chain chain = frames_.unwind(track, observation);
  Step step;
  step.cause = Cause::signal;
  step.signal = SignalEvent{signal.number, {}};
  const bool fault = signal.number == SIGSEGV || signal.number == SIGBUS || signal.number == SIGFPE ||
                     signal.number == SIGILL;
  if (fault) step.signal->address = Address{reinterpret_cast<std::uint64_t>(signal.info.si_addr)};
  make_step(track, std::move(step), reading, observation, chain);
  track.signalled = true;
}

void Run::on_exiting(pid_t tid, const ThreadExiting& exiting) {
  ThreadTrack& track = track_of(tid);
  if (exiting.last) {
    heap_.settle_all(next_step());
    const ThreadState state = tracee_->state(tid);
    Step step;
    step.cause = Cause::exit;
    step.exit = exit_status_of(exiting.wait_status);
    Reading reading = read_thread(track);
    const Observation observation{next_step(), state.registers, state.thread_pointer, &*reading.stack};
    frames_.pop_dead(track, next_step(), state.registers.sp(), std::nullopt);
    const Chain chain = frames_.unwind(track, observation);
    make_step(track, std::move(step), reading, observation, chain);
    return;
  }
  const StepIndex step = next_step();
  track.ending = EndedBy::thread_exit;
  if (window_ == Window::open) make_plain_step(track, Cause::thread_exit);
  frames_.end_all(track, step, EndedBy::thread_exit);
  statics_.end_thread(track.id, step);
  recording_.threads[track.id.value].life.died = step;
  regions_.end_alternate_stack(step, track.id);
  threads_.erase(tid);
}

}  // namespace situ
