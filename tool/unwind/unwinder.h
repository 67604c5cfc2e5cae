// Stack unwinding: libunwind with our own accessors over a snapshot (never its ptrace ones, which are wrong
// for LLD-linked binaries), exact rules for signal trampolines and jump stubs, a guess at last - and saying
// so. Used by inspect and trace at every stop.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "model/frame.h"
#include "process/maps.h"
#include "unwind/cfi_stepper.h"

namespace situ {

struct RawFrame {
  Registers registers;     // pc, sp, and the callee-saved ones where known, as they stand in this frame
  Address cfa;             // 0 when unknown: the chain ends here without saying why
  Address return_address;  // the caller's pc; 0: no caller, or unknown
  // The caller's registers that this frame keeps on the stack (the return address not included).
  std::vector<SavedAt> saved;
  bool signal_frame = false;  // the kernel's trampoline: the pc of the frame above it was interrupted
  bool innermost = false;
  // The pc is of an instruction about to run (the top frame, a trampoline, what a signal interrupted), not a
  // return address.
  bool exact_pc = false;
  FoundBy found_by = FoundBy::cfi;  // how this frame was found (from its callee)

  Address pc() const { return registers.pc(); }
  Address sp() const { return registers.sp(); }
  // The address to look up in line tables and scopes: the pc where it is exact, return address - 1 for
  // callers. Nobody subtracts one anywhere else.
  Address lookup_address() const { return exact_pc ? pc() : pc() - 1; }

  friend bool operator==(const RawFrame&, const RawFrame&) = default;
};

class Unwinder {
 public:
  explicit Unwinder(RowCache rows = RowCache::on);
  ~Unwinder();
  Unwinder(const Unwinder&) = delete;

  // Tells where code is mapped; call again when modules changed. `memory` reads the modules' headers (once).
  void set_modules(const std::vector<Mapping>& maps, const MemoryReader& memory);

  // Frames innermost first, starting with the given registers. Stops after the first frame for which `known`
  // says true (that frame is the last element), at the end of the stack, when the CFA makes no progress, or
  // at 100,000 frames. `memory` must give the stack as it stands now and the modules' read-only parts.
  std::vector<RawFrame> unwind(const Registers& registers, const MemoryReader& memory,
                               const std::function<bool(const RawFrame&)>& known = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace situ
