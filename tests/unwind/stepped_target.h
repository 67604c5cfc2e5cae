// A target program single-stepped with plain ptrace, for tests that compare what the unwinder says with what
// really happened.
#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <string>
#include <vector>

#include "base/memory_reader.h"
#include "base/registers.h"
#include "process/maps.h"

namespace situ {

// Memory of a stopped process; the stack above sp is read once per stop.
class StoppedMemory : public MemoryReader {
 public:
  explicit StoppedMemory(pid_t pid) : pid_(pid) {}
  void refresh(Address sp);
  std::size_t read(Address from, std::span<std::byte> into) const override;

 private:
  std::size_t read_process(Address from, std::span<std::byte> into) const;
  pid_t pid_;
  Address stack_low_;
  std::vector<std::byte> stack_;
};

class SteppedTarget {
 public:
  // Runs the program up to its first own int3 (ASLR off, nothing in the environment).
  explicit SteppedTarget(const std::string& path);
  ~SteppedTarget();
  SteppedTarget(const SteppedTarget&) = delete;

  // One instruction, or the entry of the handler of a signal that became due. false: the program reached its
  // next int3 or its end.
  bool step();
  bool entered_handler() const { return entered_handler_; }

  const Registers& registers() const { return registers_; }
  const StoppedMemory& memory() const { return memory_; }
  std::vector<Mapping> maps() const;

 private:
  void fetch();
  pid_t pid_;
  StoppedMemory memory_;
  Registers registers_;
  bool entered_handler_ = false;
};

}  // namespace situ
