#include "trace/run.h"

#include <algorithm>

#include "base/error.h"
#include "process/float_registers.h"
#include "process/process_end.h"
#include "trace/epilogue.h"
#include "trace/window.h"

namespace situ {

ExitStatus exit_status_of(int wait_status) {
  const ProcessEnd end = process_end(wait_status);
  return {end.code, end.signal};
}

Run::Run(const TraceOptions& options, StepSink* sink)
    : options_(options),
      sink_(sink),
      user_code_(options.user_code),
      plan_(options.steps == StepKinds::lines ? PlanKind::lines : PlanKind::calls) {}

LaunchOptions Run::launch_options() const {
  LaunchOptions launch = options_.launch;
  if (!launch.executable.has_interpreter) launch.probe.clear();
  if (!launch.probe.empty())
    for (RemoteMapping& mapping : HeapWatch::mappings(ring_)) launch.mappings.push_back(std::move(mapping));
  return launch;
}

void Run::describe_program() {
  Program& program = recording_.program;
  program.path = options_.launch.executable.path;
  program.arguments = options_.launch.arguments;
  program.aslr = !tracee_->aslr_is_off();
  program.heap_seen = tracee_->probe_loaded();
  program.warnings = tracee_->warnings();
  if (!options_.launch.executable.has_interpreter)
    program.warnings.emplace_back(
        "the program is statically linked: its stack is traced, its heap is not seen");
  if (options_.steps != StepKinds::none && user_functions_ == 0)
    program.warnings.emplace_back(
        "no function of the user's has debug info, so there is nothing to stop at: compile with -g, or see "
        "--functions");
  if (!recording_.modules.empty()) program.build_id = recording_.modules.front().build_id;
  recording_.mark = mark_pattern(program.build_id);
}

void Run::add_modules() {
  const std::vector<Mapping> maps = tracee_->maps();
  const std::vector<LoadedModule*> fresh = modules_.update(maps, *tracee_, options_.launch.probe);
  unwinder_.set_modules(maps, *tracee_);
  names_.forget_unknown();
  if (options_.steps == StepKinds::none) return;
  for (LoadedModule* module : fresh) {
    if (!module->symbols->has_debug_info() && module->id.value != 0) {
      // Only the special sites: landing pads and long jumps.
      const std::vector<Address> sites = plan_.add_module(*module, {});
      if (window_ == Window::open) tracee_->plant(sites);
      continue;
    }
    const std::vector<const FunctionInfo*> functions = module->symbols->user_functions();
    user_functions_ += functions.size();
    names_.add_user_functions(*module, functions);
    statics_.add_module(*module, next_step(), *tracee_);
    const std::vector<Address> sites = plan_.add_module(*module, functions);
    if (window_ == Window::open) tracee_->plant(sites);
    const auto remember = [&](const std::optional<StepPlace>& place, std::vector<Address>& into) {
      if (!place) return;
      const std::vector<Address> found = addresses_of(*place, *module, functions);
      into.insert(into.end(), found.begin(), found.end());
    };
    remember(options_.from, from_);
    remember(options_.until, until_);
  }
  if (window_ == Window::before && !from_.empty()) tracee_->plant(from_);
}

void Run::refresh_regions() {
  const std::vector<Mapping> maps = tracee_->maps();
  std::vector<StackPointer> pointers;
  for (const auto& [tid, track] : threads_)
    if (track.last_registers) pointers.push_back({track.id, track.last_registers->sp()});
  regions_.refresh(next_step(), maps, modules_, pointers, HeapWatch::hidden_ranges());
  memory_->set_regions(maps);
}

ThreadTrack& Run::track_of(pid_t tid) {
  const auto [entry, fresh] = threads_.try_emplace(tid);
  ThreadTrack& track = entry->second;
  if (fresh) {
    track.tid = tid;
    track.id = {static_cast<std::uint32_t>(recording_.threads.size())};
    recording_.threads.push_back(
        {.tid = tid, .name = tracee_->thread_name(tid), .stacks = {}, .life = {next_step(), {}}});
  }
  return track;
}

TraceResult Run::run() {
  tracee_ = Tracee::launch(launch_options());
  memory_.emplace(recording_, *tracee_, ledger_, options_.budget);
  ThreadTrack& main = track_of(tracee_->pid());
  if (options_.steps != StepKinds::none && (!options_.from || options_.from->step)) window_ = Window::open;
  if (window_ == Window::open && options_.from) recording_.program.recorded_from = *options_.from->step;
  frames_.read_vectors_by([](pid_t tid) -> std::optional<VectorRegisters> {
    const auto found = float_registers(tid);
    return found ? std::optional(found->xmm) : std::nullopt;
  });
  add_modules();
  describe_program();
  if (options_.marking == Marking::on) marker_.emplace(*tracee_, unwinder_, recording_.mark);
  const ThreadState state = tracee_->state(main.tid);
  heap_.know_thread(state.thread_pointer, main.id);
  main.last_registers = state.registers;
  refresh_regions();
  check_window();
  make_plain_step(main, Cause::start);
  tracee_->resume(main.tid);
  while (handle(tracee_->wait())) {
  }
  finish();
  return {std::move(recording_), tracee_->counts()};
}

bool Run::handle(const Stop& stop) {
  if (const auto* hit = std::get_if<BreakpointHit>(&stop.what)) {
    on_breakpoint(stop.tid, hit->address);
    tracee_->resume(stop.tid);
  } else if (std::holds_alternative<OwnTrap>(stop.what)) {
    on_trap(stop.tid);
    tracee_->resume(stop.tid);
  } else if (const auto* signal = std::get_if<SignalStop>(&stop.what)) {
    on_signal(stop.tid, *signal);
    tracee_->resume(stop.tid, signal->number);
  } else if (std::holds_alternative<ThreadBorn>(stop.what)) {
    ThreadTrack& track = track_of(stop.tid);
    const ThreadState state = tracee_->state(stop.tid);
    heap_.know_thread(state.thread_pointer, track.id);
    track.last_registers = state.registers;
    refresh_regions();
    if (window_ == Window::open) make_plain_step(track, Cause::thread_start);
    tracee_->resume(stop.tid);
  } else if (const auto* exiting = std::get_if<ThreadExiting>(&stop.what)) {
    on_exiting(stop.tid, *exiting);
    tracee_->resume(stop.tid);
  } else if (std::holds_alternative<ModulesChanged>(stop.what)) {
    add_modules();
    refresh_regions();
    tracee_->resume(stop.tid);
  } else if (const auto* child = std::get_if<ChildLetGo>(&stop.what)) {
    const char* by = child->by == ChildLetGo::By::fork    ? "fork"
                     : child->by == ChildLetGo::By::vfork ? "vfork"
                                                          : "clone";
    recording_.program.warnings.push_back("child process " + std::to_string(child->pid) + " (" + by +
                                          ") was let go and ran untraced");
    tracee_->resume(stop.tid);
  } else if (std::holds_alternative<ExecDone>(stop.what)) {
    ThreadTrack& track = track_of(stop.tid);
    const StepIndex step = next_step();
    for (auto& [tid, other] : threads_) frames_.end_all(other, step, EndedBy::exec);
    Step exec;
    exec.index = step;
    exec.thread = track.id;
    exec.cause = Cause::exec;
    recording_.steps.push_back(exec);
    if (sink_) sink_->on_step(recording_, step);
    recording_.program.stopped_early = "the program replaced itself by another one (exec), which was let go";
    tracee_->detach();
    recording_.program.exit = exit_status_of(tracee_->wait_for_end());
    return false;
  } else if (std::holds_alternative<UserInterrupt>(stop.what)) {
    close_window("interrupted by the user");
  } else if (const auto* gone = std::get_if<ProcessGone>(&stop.what)) {
    recording_.program.exit = exit_status_of(gone->wait_status);
    return false;
  }
  return true;
}

void Run::finish() {
  heap_.settle_all(next_step() == 0 ? 0 : next_step() - 1);
  const bool ended = !recording_.steps.empty() && recording_.steps.back().cause == Cause::exit;
  if (!ended && !recording_.program.stopped_early && !recording_.steps.empty()) {
    // SIGKILL leaves no last stop: the exit is booked as it was reported.
    Step last;
    last.index = next_step();
    last.thread = ThreadId{0};
    last.cause = Cause::exit;
    last.exit = recording_.program.exit;
    recording_.steps.push_back(last);
    if (sink_) sink_->on_step(recording_, last.index);
  }
  note_window();
  recording_.program.lost_events = ring_.lost();
  collect_sources(recording_);
  collect_symbols(recording_, modules_);
}

TraceResult trace(const TraceOptions& options, StepSink* sink) {
  return Run(options, sink).run();
}

}  // namespace situ
