// ptrace(2) and waitpid(2) as the rest of this room uses them: a thread that was killed meanwhile is an
// answer, not an error.
#pragma once

#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <csignal>

#include <cstdint>
#include <optional>

namespace situ {

// Every option a traced thread gets, and hands to what it creates.
inline constexpr std::uintptr_t trace_options =
    PTRACE_O_EXITKILL | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
    PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT | PTRACE_O_TRACESYSGOOD;

// False: the thread is gone (ESRCH), or the request failed; errno says which.
bool ptrace_call(__ptrace_request request, pid_t tid, std::uintptr_t address, std::uintptr_t data);
template <class T>
bool ptrace_call(__ptrace_request request, pid_t tid, std::uintptr_t address, T* data) {
  return ptrace_call(request, tid, address, reinterpret_cast<std::uintptr_t>(data));
}

// What PTRACE_GETEVENTMSG says; 0 when the thread is gone.
unsigned long event_message(pid_t tid);

// Signal masks as the kernel keeps them: bit (number - 1).
std::optional<std::uint64_t> signal_mask(pid_t tid);
void set_signal_mask(pid_t tid, std::uint64_t mask);
constexpr std::uint64_t signal_bit(int number) {
  return std::uint64_t{1} << (number - 1);
}

// Waits for one thread's next stop or end; nullopt when there is no such thread.
std::optional<int> wait_for(pid_t tid);

constexpr int stop_event(int status) {
  return status >> 16;
}
inline bool is_event_stop(int status) {
  return WIFSTOPPED(status) && stop_event(status) == PTRACE_EVENT_STOP;
}
inline bool is_syscall_stop(int status) {
  return WIFSTOPPED(status) && stop_event(status) == 0 && WSTOPSIG(status) == (SIGTRAP | 0x80);
}

}  // namespace situ
