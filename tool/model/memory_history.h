// The bytes of stack, heap and a little read-only data at every step: 64-byte lines, each version with the
// step it was born at. Memory at (address, step) is the newest version not younger than the step. Bytes that
// were not captured are known not to be known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "model/ids.h"

namespace situ {

inline constexpr std::size_t memory_line_size = 64;

struct LineVersion {
  StepIndex born = 0;
  StepIndex seen = 0;       // last step it was read again and found unchanged
  std::uint64_t known = 0;  // bit i: byte i was captured
  std::array<std::byte, memory_line_size> bytes{};
};

class MemoryHistory {
 public:
  // States that `bytes` stood at `from` at `step`. Steps never decrease. Unchanged lines only get a newer
  // `seen`.
  void write(StepIndex step, Address from, std::span<const std::byte> bytes);

  // Fills `into` as memory stood at `step`; returns the number of leading bytes known.
  std::size_t read(StepIndex step, Address from, std::span<std::byte> into) const;

  // The last step at which all bytes of [from, from+size) were read, as of `step`; empty if any is unknown.
  std::optional<StepIndex> seen(StepIndex step, Address from, std::uint64_t size) const;

  // The step at which the newest change of any byte of the range's lines, as of `step`, was found.
  std::optional<StepIndex> last_written(StepIndex step, Address from, std::uint64_t size) const;

  // Lines by address, versions by birth: for export.
  const std::map<Address, std::vector<LineVersion>>& lines() const { return lines_; }

 private:
  std::map<Address, std::vector<LineVersion>> lines_;
};

// Memory at one step, as a reader. Keeps a reference: the history must outlive it.
class MemoryAtStep : public MemoryReader {
 public:
  MemoryAtStep(const MemoryHistory& history, StepIndex step) : history_(history), step_(step) {}
  std::size_t read(Address from, std::span<std::byte> into) const override {
    return history_.read(step_, from, into);
  }

 private:
  const MemoryHistory& history_;
  StepIndex step_;
};

}  // namespace situ
