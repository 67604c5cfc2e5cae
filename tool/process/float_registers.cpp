#include "process/float_registers.h"

#include <sys/ptrace.h>
#include <sys/user.h>

#include <cstring>

namespace situ {

std::optional<FloatRegisters> float_registers(pid_t tid) {
  user_fpregs_struct area{};
  if (ptrace(PTRACE_GETFPREGS, tid, nullptr, &area) != 0) return std::nullopt;
  FloatRegisters found;
  static_assert(sizeof area.xmm_space == sizeof found.xmm);
  std::memcpy(found.xmm.data(), area.xmm_space, sizeof found.xmm);
  std::memcpy(found.st0.data(), area.st_space, sizeof found.st0);
  return found;
}

}  // namespace situ
