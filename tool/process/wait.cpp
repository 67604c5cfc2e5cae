// What waitpid said, decoded: once, here.
#include <fmt/format.h>

#include <cerrno>

#include "base/check.h"
#include "base/error.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"
#include "process/user_interrupt.h"

namespace situ {
namespace {

constexpr std::uint64_t stops_between_moves = 64;
constexpr int kernel_sent = 0x80;  // SI_KERNEL: the trap of an int3

bool is_group_stop(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

Stop Tracee::Impl::wait() {
  for (;;) {
    if (!early_.empty()) {
      const auto [tid, status] = early_.front();
      early_.pop_front();
      if (auto stop = on_status(tid, status)) return *stop;
      continue;
    }
    if (!queue_.empty()) {
      Stop stop = queue_.front();
      queue_.pop_front();
      if (TracedThread* thread = find_thread(stop.tid)) thread->queued = false;
      return stop;
    }
    if (end_status_) return {pid, ProcessGone{*end_status_}};
    if (at_entry_ && user_interrupts() >= 2 && !interrupt_reported_) {
      interrupt_reported_ = true;
      lift_all();
      return {pid, UserInterrupt{}};
    }
    int status = 0;
    const pid_t tid = ::waitpid(-1, &status, __WALL);
    if (tid < 0) {
      CHECK(errno == EINTR || errno == ECHILD);
      if (errno == ECHILD) end_status_ = leader_status_.value_or(0);
      continue;
    }
    auto stop = on_status(tid, status);
    if (threads_.size() > 1)
      core_.release();
    else if (counts.stops % stops_between_moves == 1)
      core_.follow(pid);
    if (stop) return *stop;
  }
}

std::optional<Stop> Tracee::Impl::on_status(pid_t tid, int status) {
  ++counts.stops;
  if (!WIFSTOPPED(status)) return on_end(tid, status);
  TracedThread* thread = find_thread(tid);
  if (!thread) {
    unclaimed_.insert(tid);
    return std::nullopt;
  }
  thread->registers_known = false;
  thread->stop_consumed = false;
  thread->trap_repaired = false;
  const int signal = WSTOPSIG(status), event = stop_event(status);
  if (event != 0) return on_event(*thread, event, signal);
  if (signal == SIGTRAP) return on_trap(*thread);
  if (is_syscall_stop(status)) {
    go_on(*thread, 0);
    return std::nullopt;
  }
  return on_signal(*thread, signal);
}

std::optional<Stop> Tracee::Impl::on_event(TracedThread& thread, int event, int signal) {
  switch (event) {
    case PTRACE_EVENT_STOP:
      return on_event_stop(thread, signal);
    case PTRACE_EVENT_CLONE:
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
      return on_birth(thread);
    case PTRACE_EVENT_EXEC:
      return on_exec(thread);
    case PTRACE_EVENT_EXIT:
      return on_exiting(thread);
    case PTRACE_EVENT_VFORK_DONE:
      thread.vforking = false;
      break;
    default:
      break;
  }
  go_on(thread, 0);
  return std::nullopt;
}

std::optional<Stop> Tracee::Impl::on_end(pid_t tid, int status) {
  unclaimed_.erase(tid);
  if (tid == pid) {
    end_status_ = status;
    threads_.clear();
    return Stop{pid, ProcessGone{status}};
  }
  threads_.erase(tid);
  return std::nullopt;
}

std::optional<Stop> Tracee::Impl::on_trap(TracedThread& thread) {
  const user_regs_struct& regs = registers(thread);
  const Address before{regs.rip - 1};
  if (Site* site = find_site(before)) return on_planted(thread, before, *site);

  siginfo_t info{};
  ptrace_call(PTRACE_GETSIGINFO, thread.tid, 0, &info);
  if (info.si_code != kernel_sent) return on_signal(thread, SIGTRAP);
  std::array<std::byte, 2> code{};
  read_raw(before - 1, code);
  const bool stands = code[1] == std::byte{0xcc} || (code[0] == std::byte{0xcd} && code[1] == std::byte{3});
  if (!stands) {  // an int3 of ours that was lifted between the hit and now
    thread.at = TracedThread::At::planted_trap;
    thread.pc = before;
    go_on(thread, 0);
    return std::nullopt;
  }
  thread.at = TracedThread::At::own_trap;
  const auto copied = waypoint({regs.rip});
  if (!thread.silent) return Stop{thread.tid, OwnTrap{copied ? copied->stands_for : Address{regs.rip}}};
  go_on(thread, 0);
  return std::nullopt;
}

std::optional<Stop> Tracee::Impl::on_planted(TracedThread& thread, Address address, Site& site) {
  thread.at = TracedThread::At::planted_trap;
  thread.pc = address;
  ++counts.breakpoints;
  const bool again =
      thread.repeat && thread.repeat->site == address && thread.repeat->sp.value == thread.registers.rsp;
  if (again) thread.repeat.reset();
  const bool wanted = site.wanted;
  bool changed = false;
  switch (site.role) {
    case Role::none:
      break;
    case Role::entry:
      lift_sites([](const Site& other) { return other.role == Role::entry; });
      return Stop{thread.tid, BreakpointHit{address}};
    case Role::loader_state:
      changed = loader_is_consistent() && !thread.silent;
      if (changed) on_loader_state(thread);
      changed = changed && (at_entry_ || loader_watch_ == LoaderWatch::recorded);
      break;
    case Role::loader_mapping:
      on_loader_mapping(thread);
      break;
    case Role::mask_call:
      repair_trap_state(thread);
      note_mask_call(thread);
      break;
    case Role::action_call:
      repair_trap_state(thread);
      note_action_call(thread);
      break;
    case Role::signal_return:
      repair_trap_state(thread);
      note_signal_return(thread);
      break;
  }
  if (changed) return Stop{thread.tid, ModulesChanged{}};
  if (wanted && !again && !thread.silent) return Stop{thread.tid, BreakpointHit{address}};
  go_on(thread, 0);
  return std::nullopt;
}

std::optional<Stop> Tracee::Impl::on_signal(TracedThread& thread, int signal) {
  thread.at = TracedThread::At::signal;
  thread.signal = signal;
  note_signal_stop(thread, signal);
  if (thread.silent || std::exchange(thread.redelivered, 0) == signal) {
    go_on(thread, signal);
    return std::nullopt;
  }
  SignalStop stop{signal, {}};
  ptrace_call(PTRACE_GETSIGINFO, thread.tid, 0, &stop.info);
  return Stop{thread.tid, stop};
}

// A job-control stop is left standing, and ends when SIGCONT ends it; anything else is an interrupt of ours
// that came late, or the end of such a stop.
std::optional<Stop> Tracee::Impl::on_event_stop(TracedThread& thread, int signal) {
  if (is_group_stop(signal)) {
    thread.at = TracedThread::At::listening;
    ptrace_call(PTRACE_LISTEN, thread.tid, 0, std::uintptr_t{0});
    return std::nullopt;
  }
  thread.at = TracedThread::At::interrupted;
  restart_interrupted_call(thread);
  go_on(thread, 0);
  return std::nullopt;
}

// The thread that called execve is the leader now, whatever it was before; the others are gone, and so is
// every int3 with the old memory.
std::optional<Stop> Tracee::Impl::on_exec(TracedThread& thread) {
  if (thread.silent) {
    const pid_t process = thread.process;
    ptrace_call(PTRACE_DETACH, thread.tid, 0, std::uintptr_t{0});
    forget_process(process);
    return std::nullopt;
  }
  sites_.clear();
  retired_.clear();
  copies_.clear();
  chunks_.clear();
  counts.sites = 0;
  queue_.clear();
  std::erase_if(threads_,
                [&](const auto& entry) { return entry.second.process == pid && entry.first != pid; });
  TracedThread& leader = threads_[pid];
  leader = {};
  leader.tid = leader.process = pid;
  leader.at = TracedThread::At::event;
  open_memory();
  return Stop{pid, ExecDone{}};
}

std::optional<Stop> Tracee::Impl::on_exiting(TracedThread& thread) {
  thread.at = TracedThread::At::exiting;
  thread.has_exited = true;
  if (thread.silent) {
    go_on(thread, 0);
    return std::nullopt;
  }
  ThreadExiting stop{static_cast<int>(event_message(thread.tid)), true};
  for (const auto& [tid, other] : threads_)
    if (other.process == pid && !other.has_exited) stop.last = false;
  // exit(2) of the last thread ends the process with the status its leader ended with.
  constexpr std::uint64_t exit_of_one_thread = 60;
  if (thread.tid == pid) leader_status_ = stop.wait_status;
  if (stop.last && leader_status_ && registers(thread).orig_rax == exit_of_one_thread)
    stop.wait_status = *leader_status_;
  return Stop{thread.tid, stop};
}

}  // namespace situ
