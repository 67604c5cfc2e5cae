// One step from a frame to its caller by call frame information: libunwind as interpreter, everything it
// reads comes through our own accessors. It is asked when an address is met first and where its rules are
// unusual; for all others there is a row.
#pragma once

#include <memory>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "unwind/caller_step.h"
#include "unwind/code_modules.h"
#include "unwind/page_cache.h"

namespace situ {

// Whether the rules of code addresses already met are kept as rows; off: libunwind makes every step, for
// tests.
enum class RowCache { on, off };

class CfiStepper {
 public:
  CfiStepper(CodeModules& modules, PageCache& pages, RowCache rows);
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
