// Letting a thread go on: over a displaced instruction, out of a copy before a handler runs, with a signal.
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>

#include "process/ptrace_call.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

// A displaced instruction that faults must find these deliverable: the kernel would reset their handlers.
constexpr std::uint64_t fault_signals = signal_bit(SIGTRAP) | signal_bit(SIGSEGV) | signal_bit(SIGBUS) |
                                        signal_bit(SIGILL) | signal_bit(SIGFPE) | signal_bit(SIGSYS);

}  // namespace

void Tracee::Impl::resume(pid_t tid, int signal) {
  if (TracedThread* thread = find_thread(tid); thread && thread->stands()) go_on(*thread, signal);
}

void Tracee::Impl::go_on(TracedThread& thread, int signal) {
  using At = TracedThread::At;
  if (signal == 0) {
    repair_trap_state(thread);
  } else {
    note_delivery(thread, signal);
    if (thread.at == At::signal) leave_copy(thread);
    if (thread.stop_consumed) {
      thread.redelivered = signal;
      ::syscall(SYS_tgkill, thread.process, thread.tid, signal);
      signal = 0;
    }
  }
  if (thread.at == At::planted_trap) execute_displaced(thread);
  thread.at = At::running;
  thread.registers_known = false;
  thread.stop_consumed = false;
  ptrace_call(PTRACE_CONT, thread.tid, 0, static_cast<std::uintptr_t>(signal));
}

void Tracee::Impl::set_pc(TracedThread& thread, Address pc) {
  if (thread.registers.rip == pc.value) return;
  ptrace_call(PTRACE_POKEUSER, thread.tid, offsetof(user_regs_struct, rip), std::uintptr_t{pc.value});
  thread.registers.rip = pc.value;
}

// The int3 may have been lifted since it was hit: then the instruction stands where it always stood.
void Tracee::Impl::execute_displaced(TracedThread& thread) {
  const Address at = thread.pc;
  Site* site = find_site(at);
  if (!site) return set_pc(thread, at);
  switch (site->displaced.by) {
    case Displaced::By::emulation:
      return set_pc(thread, site->displaced.destination(at, thread.registers.eflags));
    case Displaced::By::copy:
      return set_pc(thread, site->copy);
    case Displaced::By::single_step:
      return single_step(thread, *site);
  }
}

// The last resort. The int3 is away for one instruction, so every other thread stands still for it.
void Tracee::Impl::single_step(TracedThread& thread, Site& site) {
  ++counts.single_steps;
  const Address at = thread.pc;
  const std::vector<pid_t> stopped = stop_others(thread.tid, threads_.size());
  set_pc(thread, at);
  const auto mask = signal_mask(thread.tid);
  if (mask) set_signal_mask(thread.tid, ~fault_signals | (*mask & ~signal_bit(SIGTRAP)));
  const std::byte planted{0xcc};
  write_raw(at, std::span(&site.original, 1));
  std::optional<int> status;
  do {  // an interrupt that was still on its way comes before the instruction
    ptrace_call(PTRACE_SINGLESTEP, thread.tid, 0, std::uintptr_t{0});
    status = wait_for(thread.tid);
  } while (status && is_event_stop(*status));
  write_raw(at, std::span(&planted, 1));
  if (mask) set_signal_mask(thread.tid, *mask);
  thread.registers_known = false;
  // Anything but the step's own trap (a fault, the end) is told like every other stop.
  const bool stepped =
      status && WIFSTOPPED(*status) && stop_event(*status) == 0 && WSTOPSIG(*status) == SIGTRAP;
  if (status && !stepped) early_.emplace_back(thread.tid, *status);
  resume_all(stopped);
}

// A handler must find, and return to, the program's own code. What the copy has not finished is done again
// from the start after the handler; its int3 is then not a second hit.
void Tracee::Impl::leave_copy(TracedThread& thread) {
  const auto at = waypoint({registers(thread).rip});
  if (!at) return;
  thread.registers.rsp += at->pushed;
  thread.registers.rip = at->stands_for.value;
  ptrace_call(PTRACE_SETREGS, thread.tid, 0, &thread.registers);
  if (thread.signal_caught && find_site(at->stands_for))
    thread.repeat = {at->stands_for, {thread.registers.rsp}};
}

}  // namespace situ
