// The live part of one thread's stack as it stood at a stop, read in one system call; everything else is read
// from the process. What unwinding and the evaluation of places read through.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"

namespace situ {

class StackSnapshot : public MemoryReader {
 public:
  // Reads [sp - 128, sp + 64 KiB) as far as `stack` (the mapping sp is in; empty: not known) goes. The lower
  // end is sp's page where the red zone reaches below what is mapped.
  StackSnapshot(const MemoryReader& memory, Address sp, AddressRange stack);
  std::size_t read(Address from, std::span<std::byte> into) const override;
  Address low() const { return low_; }
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  const MemoryReader& memory_;
  Address low_;
  std::vector<std::byte> bytes_;
};

}  // namespace situ
