// The registers that hold floating-point and vector values, of a stopped thread. Read only where a value
// needs them: it is a system call of its own.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <optional>

#include "base/registers.h"

namespace situ {

struct FloatRegisters {
  VectorRegisters xmm{};
  std::array<std::byte, 10> st0{};  // the top of the x87 stack, 80-bit extended precision
};

// PTRACE_GETFPREGS (the FXSAVE area, Intel SDM vol. 1 §10.5.1). `tid` must be stopped and traced by the
// calling thread; empty: it is not.
std::optional<FloatRegisters> float_registers(pid_t tid);

}  // namespace situ
