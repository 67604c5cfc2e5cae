// Reads, at one stop, what the picture needs of the process's memory: the live stacks, the heap blocks that
// words in stacks, registers and other captured blocks point into, and the read-only bytes they point to. Few
// system calls: the stack in one, the blocks in one.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "heap/ledger.h"
#include "model/recording.h"
#include "process/tracee.h"

namespace situ {

// The stack bytes of one thread from `low` up, read once; a MemoryReader over them that falls through to the
// tracee.
class StackSnapshot : public MemoryReader {
 public:
  StackSnapshot(const Tracee& tracee, Address sp, AddressRange stack);  // reads [sp - 128, ...) up to 64 KiB
  std::size_t read(Address from, std::span<std::byte> into) const override;
  Address low() const { return low_; }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  const Tracee& tracee_;
  Address low_;
  std::vector<std::byte> bytes_;
};

struct CaptureBudget {
  std::uint64_t bytes_per_stop = 1 << 20;
  std::uint64_t bytes_per_block = 64 << 10;  // of larger blocks the beginning is read
  std::uint64_t read_only_bytes = 256;
};

class MemoryCapture {
 public:
  MemoryCapture(Recording& recording, const Tracee& tracee, const Ledger& ledger, CaptureBudget budget);

  // Writes the snapshots into the history at `step`, then every live block reachable from them and from
  // `roots` (register values, statics), then read-only targets not read before. Returns whether the budget
  // cut something.
  bool capture(StepIndex step, const std::vector<const StackSnapshot*>& stacks,
               const std::vector<std::uint64_t>& roots);
  // Reads one range now (a block before its release, a dead frame's bytes).
  void capture_range(StepIndex step, Address from, std::uint64_t size);
  // Where the words that point out of stack and heap may go: mappings by kind, refreshed by the caller.
  void set_regions(std::vector<Mapping> maps);

 private:
  Recording& recording_;
  const Tracee& tracee_;
  const Ledger& ledger_;
  CaptureBudget budget_;
  std::vector<Mapping> maps_;
  std::set<Address> read_only_seen_;
};

}  // namespace situ
