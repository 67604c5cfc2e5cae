// What a step from a frame to its caller gives, whichever way it was found.
#pragma once

#include <array>
#include <vector>

#include "base/address.h"
#include "base/registers.h"

namespace situ {

struct SavedAt {
  Reg reg = Reg::rbx;
  Address at;
  friend bool operator==(const SavedAt&, const SavedAt&) = default;
};

// The registers a callee must preserve (psABI figure 3.4), rsp left out.
inline constexpr std::array<Reg, 6> callee_saved = {Reg::rbx, Reg::rbp, Reg::r12,
                                                    Reg::r13, Reg::r14, Reg::r15};

struct CallerStep {
  enum class Outcome {
    stepped,
    end,      // the information says that there is no caller
    no_info,  // nothing describes this address
    failed,   // what the information needs cannot be read
  };
  Outcome outcome = Outcome::failed;
  Address cfa;       // stepped, end
  Registers caller;  // stepped: pc, sp and the callee-saved ones that are known
  // In the order of callee_saved; only what lies between the frame's sp and its CFA.
  std::vector<SavedAt> saved;

  friend bool operator==(const CallerStep&, const CallerStep&) = default;
};

}  // namespace situ
