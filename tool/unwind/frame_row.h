// The rules of the frame at one code address in the form nearly all code has: the CFA at a fixed distance
// from rsp or rbp, the return address right below it, callee-saved registers on the stack at fixed distances
// from it or unchanged. Used by the stepper, which keeps a row per address, to step without interpreting.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "base/memory_reader.h"
#include "base/registers.h"
#include "unwind/caller_step.h"

namespace situ {

struct FrameRow {
  enum class Kind : std::uint8_t {
    other,    // no such form (an expression, a register in a register): ask the interpreter each time
    no_info,  // nothing describes the address
    ends,     // there is no caller; only the CFA holds
    steps,
  };
  Kind kind = Kind::other;
  Reg base = Reg::rsp;          // rsp or rbp
  std::int32_t cfa_offset = 0;  // CFA - base
  std::int16_t lowest = -8;     // what is read of the stack: [CFA + lowest, CFA)
  // Where each of callee_saved was saved, from the CFA; 0: it is unchanged.
  std::array<std::int16_t, callee_saved.size()> saved{};

  friend bool operator==(const FrameRow&, const FrameRow&) = default;
};

// An interpreter of the rules at the address in question.
using StepWith = std::function<CallerStep(const Registers&, const MemoryReader&)>;

// Finds out the row by what `step` answers for imagined registers and an imagined stack. `process` gives
// everything that is not on that stack.
FrameRow learn_row(const MemoryReader& process, const StepWith& step);

// What the interpreter would answer. Empty when only the interpreter can tell: a row of another form, a
// register or stack word that is not known, a CFA that is not above sp.
std::optional<CallerStep> step_by_row(const FrameRow& row, const Registers& registers,
                                      const MemoryReader& memory);

}  // namespace situ
