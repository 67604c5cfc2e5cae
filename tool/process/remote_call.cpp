// System calls made by the tracee on the tracer's behalf: registers set, two syscall stops, registers put
// back. Every signal is blocked meanwhile; the thread ends up in a PTRACE_EVENT_STOP, from where the kernel's
// own restarting of system calls works as if nothing had happened.
#include <asm/unistd_64.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "base/check.h"
#include "base/error.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"

namespace situ {

namespace {

std::string seccomp_state(pid_t process, pid_t tid) {
  return status_field(process, tid, "Seccomp:") + "/" + status_field(process, tid, "Seccomp_filters:");
}

}  // namespace

// Not inside a system call, not before a signal's delivery, and under no seccomp filter that the program
// itself installed (it might kill the process for a call it does not expect).
bool Tracee::Impl::may_call(const TracedThread& thread) const {
  using At = TracedThread::At;
  if (thread.at != At::planted_trap && thread.at != At::own_trap && thread.at != At::interrupted)
    return false;
  const user_regs_struct& regs = registers(thread);
  if (static_cast<std::int64_t>(regs.orig_rax) >= 0) return false;
  return seccomp_state(thread.process, thread.tid) == first_seccomp_state_;
}

TracedThread* Tracee::Impl::callable_thread() {
  if (first_seccomp_state_.empty()) first_seccomp_state_ = seccomp_state(pid, pid);
  for (auto& [tid, thread] : threads_)
    if (thread.process == pid && may_call(thread)) return &thread;
  return nullptr;
}

// Lets the thread go on with `how` until `reached` says that this wait status is the one; other stops are
// passed.
std::optional<int> Tracee::Impl::continue_until(TracedThread& thread, __ptrace_request how,
                                                const std::function<bool(int)>& reached) {
  for (;;) {
    if (!ptrace_call(how, thread.tid, 0, std::uintptr_t{0})) return std::nullopt;
    const auto status = wait_for(thread.tid);
    if (!status) return std::nullopt;
    if (!WIFSTOPPED(*status) || stop_event(*status) == PTRACE_EVENT_EXIT) {
      early_.emplace_back(thread.tid, *status);
      return std::nullopt;
    }
    if (reached(*status)) return status;
  }
}

std::optional<std::int64_t> Tracee::Impl::call(TracedThread& thread, Address instruction, long number,
                                               std::array<std::uint64_t, 6> arguments) {
  const user_regs_struct saved = registers(thread);
  const auto mask = signal_mask(thread.tid);
  if (!mask) return std::nullopt;
  user_regs_struct regs = saved;
  regs.rip = instruction.value;
  regs.rax = static_cast<std::uint64_t>(number);
  regs.orig_rax = ~std::uint64_t{0};
  regs.rdi = arguments[0];
  regs.rsi = arguments[1];
  regs.rdx = arguments[2];
  regs.r10 = arguments[3];
  regs.r8 = arguments[4];
  regs.r9 = arguments[5];
  set_signal_mask(thread.tid, ~std::uint64_t{0});
  if (!ptrace_call(PTRACE_SETREGS, thread.tid, 0, &regs)) return std::nullopt;
  if (!continue_until(thread, PTRACE_SYSCALL, is_syscall_stop)) return std::nullopt;
  if (!continue_until(thread, PTRACE_SYSCALL, is_syscall_stop)) return std::nullopt;
  if (!ptrace_call(PTRACE_GETREGS, thread.tid, 0, &regs)) return std::nullopt;
  ptrace_call(PTRACE_INTERRUPT, thread.tid, 0, std::uintptr_t{0});
  if (!continue_until(thread, PTRACE_CONT, is_event_stop)) return std::nullopt;
  user_regs_struct restored = saved;
  restored.orig_rax = ~std::uint64_t{0};
  ptrace_call(PTRACE_SETREGS, thread.tid, 0, &restored);
  set_signal_mask(thread.tid, *mask);
  thread.registers = restored;
  thread.registers_known = true;
  thread.stop_consumed = true;
  return static_cast<std::int64_t>(regs.rax);
}

std::int64_t Tracee::Impl::call_or_fail(TracedThread& thread, Address instruction, long number,
                                        std::array<std::uint64_t, 6> arguments, const char* what) {
  const auto result = call(thread, instruction, number, arguments);
  if (!result || *result < 0)
    throw Error(ErrorKind::cannot_trace, fmt::format("cannot prepare {}", executable_path_),
                fmt::format("{} failed in it: {}", what,
                            result ? std::strerror(static_cast<int>(-*result)) : "the process is gone"),
                "a memory limit (ulimit -v) or a seccomp filter may forbid it");
  return *result;
}

// A shared mapping is opened through the tracer's descriptor and closed again: the program never sees one
// more.
void Tracee::Impl::map_remote(TracedThread& thread, const RemoteMapping& mapping) {
  std::uint64_t fd = ~std::uint64_t{0};
  std::uint64_t flags = MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  if (mapping.shared_fd >= 0) {
    const std::string path = fmt::format("/proc/{}/fd/{}", ::getpid(), mapping.shared_fd);
    write_raw(scratch_data, std::as_bytes(std::span(path.c_str(), path.size() + 1)));
    const auto access = static_cast<std::uint64_t>((mapping.writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    fd = static_cast<std::uint64_t>(
        call_or_fail(thread, scratch_page, __NR_openat,
                     {static_cast<std::uint64_t>(AT_FDCWD), scratch_data.value, access, 0, 0, 0}, "open"));
    flags = MAP_FIXED_NOREPLACE | MAP_SHARED;
  }
  const std::uint64_t protection = PROT_READ | (mapping.writable ? PROT_WRITE : 0);
  const auto at = call_or_fail(thread, scratch_page, __NR_mmap,
                               {mapping.at.value, mapping.size, protection, flags, fd, 0}, "mmap");
  CHECK(static_cast<std::uint64_t>(at) == mapping.at.value);
  if (mapping.shared_fd >= 0) call_or_fail(thread, scratch_page, __NR_close, {fd, 0, 0, 0, 0, 0}, "close");
  if (mapping.wipe_on_fork)
    call_or_fail(thread, scratch_page, __NR_madvise,
                 {mapping.at.value, mapping.size, MADV_WIPEONFORK, 0, 0, 0}, "madvise");
  if (!mapping.initial.empty()) write_raw(mapping.at, mapping.initial);
}

}  // namespace situ
