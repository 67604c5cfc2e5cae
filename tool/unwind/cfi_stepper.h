// One step from a frame to its caller by call frame information: libunwind as interpreter, everything it
// reads comes through our own accessors.
#pragma once

#include <memory>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "unwind/code_modules.h"
#include "unwind/page_cache.h"

namespace situ {

struct SavedAt {
  Reg reg = Reg::rbx;
  Address at;
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
  std::vector<SavedAt> saved;
};

class CfiStepper {
 public:
  CfiStepper(CodeModules& modules, PageCache& pages);
  ~CfiStepper();
  CfiStepper(const CfiStepper&) = delete;

  // Call when modules changed: the rules kept per address are for other code.
  void flush();

  // `lookup` is the address whose rules hold for the frame with these registers.
  CallerStep step(const Registers& registers, Address lookup, const MemoryReader& memory);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace situ
