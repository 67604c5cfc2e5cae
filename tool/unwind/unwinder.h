// Stack unwinding: libunwind with our own accessors over a snapshot (never its ptrace ones, which are wrong
// for LLD-linked binaries: facts in docs/how-it-works.md), libdw where there is no .eh_frame, a guess at last
// - and saying so.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "model/frame.h"
#include "process/maps.h"

namespace situ {

struct SavedAt {
  Reg reg = Reg::rbx;
  Address at;
};

struct RawFrame {
  Registers registers;  // pc, sp, and the callee-saved ones where known, as they stand in this frame
  Address cfa;          // 0 for the outermost frame when unknown
  std::vector<SavedAt>
      saved;  // caller's registers that this frame keeps on the stack (return address not included)
  bool signal_frame =
      false;  // the kernel's trampoline: pc of the frame above it is exact, not a return address
  bool innermost = false;
  FoundBy found_by = FoundBy::cfi;  // how this frame was found (from its callee)

  Address pc() const { return registers.pc(); }
  // The address to look up in line tables and scopes: pc for the top frame and for one interrupted by a
  // signal, return address - 1 for callers. Nobody subtracts one anywhere else.
  Address lookup_address() const { return exact_pc ? pc() : pc() - 1; }
  bool exact_pc = false;
};

class Unwinder {
 public:
  Unwinder();
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
