#include "process/ptrace_call.h"

#include "base/error.h"

namespace situ {

bool ptrace_call(__ptrace_request request, pid_t tid, std::uintptr_t address, std::uintptr_t data) {
  return ::ptrace(request, tid, address, data) == 0;
}

unsigned long event_message(pid_t tid) {
  unsigned long message = 0;
  return ptrace_call(PTRACE_GETEVENTMSG, tid, 0, &message) ? message : 0;
}

std::optional<std::uint64_t> signal_mask(pid_t tid) {
  std::uint64_t mask = 0;
  if (!ptrace_call(static_cast<__ptrace_request>(PTRACE_GETSIGMASK), tid, sizeof mask, &mask))
    return std::nullopt;
  return mask;
}

void set_signal_mask(pid_t tid, std::uint64_t mask) {
  ptrace_call(static_cast<__ptrace_request>(PTRACE_SETSIGMASK), tid, sizeof mask, &mask);
}

std::optional<int> wait_for(pid_t tid) {
  int status = 0;
  const pid_t got = retry_eintr([&] { return ::waitpid(tid, &status, __WALL); });
  return got == tid ? std::optional(status) : std::nullopt;
}

}  // namespace situ
