// The traced process's threads: registers, names, and standing still together.
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

// The system calls that return EINTR for any stop, whatever SA_RESTART says (signal(7)), as far as a plain
// interrupt, with no signal to deliver, makes them do so.
constexpr std::int64_t interrupted_call = -4;  // -EINTR

std::optional<std::uint64_t> times_scheduled(pid_t pid, pid_t tid) {
  const std::string text = read_proc_file(fmt::format("/proc/{}/task/{}/schedstat", pid, tid));
  const auto blank = text.rfind(' ');
  if (blank == std::string::npos) return std::nullopt;
  std::uint64_t turns = 0;
  const auto [end, error] = std::from_chars(text.data() + blank + 1, text.data() + text.size(), turns);
  return error == std::errc() ? std::optional(turns) : std::nullopt;
}

std::string current_call(pid_t pid, pid_t tid) {
  return read_proc_file(fmt::format("/proc/{}/task/{}/syscall", pid, tid));
}

// /proc/PID/syscall's line: the call's number and six arguments, the stack pointer, the pc.
std::string with_argument(std::string line, int index, std::uint64_t from, std::uint64_t to) {
  if (from == to) return line;
  std::size_t at = 0;
  for (int i = 0; i <= index && at != std::string::npos; ++i) at = line.find(' ', at + 1);
  const std::string before = fmt::format(" {:#x}", from);
  if (at == std::string::npos || line.compare(at, before.size(), before) != 0) return line;
  return line.replace(at, before.size(), fmt::format(" {:#x}", to));
}

// Ended by EINTR, or by one of the kernel's own codes for "to be restarted" (ERESTARTSYS and its kin).
bool is_interrupted_call(const user_regs_struct& regs) {
  const auto result = static_cast<std::int64_t>(regs.rax);
  return static_cast<std::int64_t>(regs.orig_rax) >= 0 &&
         (result == interrupted_call || (result <= -512 && result >= -516));
}

}  // namespace

TracedThread* Tracee::Impl::find_thread(pid_t tid) {
  const auto found = threads_.find(tid);
  return found == threads_.end() ? nullptr : &found->second;
}

const TracedThread* Tracee::Impl::find_thread(pid_t tid) const {
  const auto found = threads_.find(tid);
  return found == threads_.end() ? nullptr : &found->second;
}

const user_regs_struct& Tracee::Impl::registers(const TracedThread& thread) const {
  if (!thread.registers_known) {
    thread.registers = {};
    thread.registers_known = ptrace_call(PTRACE_GETREGS, thread.tid, 0, &thread.registers);
  }
  return thread.registers;
}

ThreadState Tracee::Impl::state(pid_t tid) const {
  const TracedThread* thread = find_thread(tid);
  ThreadState state;
  if (!thread || !thread->stands()) return state;
  user_regs_struct regs = registers(*thread);
  if (thread->at == TracedThread::At::planted_trap) {
    regs.rip = thread->pc.value;
  } else if (const auto at = waypoint({regs.rip})) {
    regs.rip = at->stands_for.value;
    regs.rsp += at->pushed;
  }
  const std::array<unsigned long long, register_count> in_dwarf_order = {
      regs.rax, regs.rdx, regs.rcx, regs.rbx, regs.rsi, regs.rdi, regs.rbp, regs.rsp, regs.r8,
      regs.r9,  regs.r10, regs.r11, regs.r12, regs.r13, regs.r14, regs.r15, regs.rip};
  for (std::size_t i = 0; i < register_count; ++i)
    state.registers.set(static_cast<Reg>(i), in_dwarf_order[i]);
  state.thread_pointer = {regs.fs_base};
  state.flags = regs.eflags;
  state.original_rax = regs.orig_rax;
  return state;
}

std::vector<pid_t> Tracee::Impl::threads() const {
  std::vector<pid_t> tids;
  for (const auto& [tid, thread] : threads_)
    if (!thread.silent) tids.push_back(tid);
  return tids;
}

std::string Tracee::Impl::thread_name(pid_t tid) const {
  std::string name = read_proc_file(fmt::format("/proc/{}/task/{}/comm", pid, tid));
  if (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

// Whether the thread has stayed in the system call it was last found in. Asked for the second time after it
// was stopped, its turns on a processor are noted; from then on they must not have changed.
bool Tracee::Impl::sleeps_as_before(TracedThread& thread) const {
  if (!thread.sleep) return false;
  const auto turns = times_scheduled(pid, thread.tid);
  const bool same = current_call(pid, thread.tid) == thread.sleep->call &&
                    (!thread.sleep->turns || thread.sleep->turns == turns);
  if (same)
    thread.sleep->turns = turns;
  else
    thread.sleep.reset();
  return same;
}

// A stop of another kind may come first: it is kept for wait(), and the interrupt's own comes later.
bool Tracee::Impl::await_interrupt(TracedThread& thread) {
  constexpr int quick_tries = 50, all_tries = 2000;
  for (int i = 0; i < all_tries; ++i) {
    int status = 0;
    const pid_t got = ::waitpid(thread.tid, &status, __WALL | WNOHANG);
    if (got < 0) return false;
    if (got == 0) {
      i < quick_tries ? static_cast<void>(::sched_yield()) : static_cast<void>(::usleep(100));
      continue;
    }
    if (is_event_stop(status) && WSTOPSIG(status) == SIGTRAP) {
      ++counts.stops;
      thread.registers_known = false;
      thread.at = TracedThread::At::interrupted;
      return true;
    }
    const pid_t tid = thread.tid;  // the thread may be gone after this
    if (auto stop = on_status(tid, status)) {
      if (TracedThread* still = find_thread(stop->tid)) still->queued = true;
      queue_.push_back(*stop);
    }
    TracedThread* still = find_thread(tid);
    if (!still) return false;
    if (still->stands()) return true;
    if (still->at == TracedThread::At::listening) return false;
    // Any other trap takes a waiting interrupt with it (kernel/signal.c, ptrace_stop): it is asked for again.
    ptrace_call(PTRACE_INTERRUPT, tid, 0, std::uintptr_t{0});
  }
  return false;
}

std::vector<pid_t> Tracee::Impl::stop_others(pid_t tid, std::size_t limit) {
  std::vector<pid_t> asked, stopped;
  for (auto& [other, thread] : threads_) {
    if (asked.size() + stopped.size() >= limit) break;
    if (other == tid || thread.silent || thread.has_exited) continue;
    if (thread.stands()) {
      if (thread.queued) stopped.push_back(other);
      continue;
    }
    if (thread.at == TracedThread::At::listening || thread.vforking || sleeps_as_before(thread)) continue;
    if (ptrace_call(PTRACE_INTERRUPT, other, 0, std::uintptr_t{0})) asked.push_back(other);
  }
  for (pid_t other : asked) {
    TracedThread* thread = find_thread(other);
    if (!thread) continue;
    if (!thread->stands() && !await_interrupt(*thread)) continue;
    thread = find_thread(other);
    if (!thread) continue;
    stopped.push_back(other);
    if (thread->at != TracedThread::At::interrupted) continue;
    thread->sleep.reset();
    const user_regs_struct interrupted = registers(*thread);
    std::string call = is_interrupted_call(interrupted) ? current_call(pid, other) : std::string();
    restart_interrupted_call(*thread);
    if (!call.empty())
      thread->sleep = TracedThread::Sleep{
          with_argument(std::move(call), 3, interrupted.r10, registers(*thread).r10), std::nullopt};
  }
  return stopped;
}

void Tracee::Impl::resume_all(const std::vector<pid_t>& tids) {
  for (pid_t tid : tids)
    if (TracedThread* thread = find_thread(tid); thread && thread->stands() && !thread->queued)
      go_on(*thread, 0);
}

// Some calls (epoll_wait, semop, timed receives) end with EINTR at any interrupt, with no signal anywhere:
// they are entered again, unless a signal the program would have seen is pending too.
void Tracee::Impl::restart_interrupted_call(TracedThread& thread) {
  user_regs_struct regs = registers(thread);
  if (static_cast<std::int64_t>(regs.orig_rax) < 0 || static_cast<std::int64_t>(regs.rax) != interrupted_call)
    return;
  const auto mask_of = [&](std::string_view field) {
    const std::string text = status_field(thread.process, thread.tid, field);
    std::uint64_t mask = 0;
    std::from_chars(text.data(), text.data() + text.size(), mask, 16);
    return mask;
  };
  const std::uint64_t pending = (mask_of("SigPnd:") | mask_of("ShdPnd:")) & ~mask_of("SigBlk:");
  if (pending != 0) return;
  shorten_wait(regs, thread.wait, std::chrono::steady_clock::now());
  regs.rax = regs.orig_rax;
  regs.rip -= 2;
  regs.orig_rax = ~std::uint64_t{0};
  if (ptrace_call(PTRACE_SETREGS, thread.tid, 0, &regs)) thread.registers = regs;
}

}  // namespace situ
