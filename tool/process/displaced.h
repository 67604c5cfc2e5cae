// What becomes of an instruction whose first byte an int3 took: how a thread executes it without the int3
// being lifted. Pure: bytes in, plan out; the breakpoints (breakpoints.cpp) carry it out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/address.h"

namespace situ {

// A copy takes at most this many bytes; copies stand at multiples of it.
inline constexpr std::size_t copy_size = 32;

struct Displaced {
  enum class By { emulation, copy, single_step };

  // A pc inside the copy, seen from outside: the address it stands for, and how many bytes the copy has
  // pushed by then that the instruction at that address has not (they are taken back).
  struct Waypoint {
    std::uint8_t offset = 0;
    std::uint8_t pushed = 0;
    Address stands_for;
  };

  By by = By::single_step;
  std::uint8_t length = 0;
  // emulation: jumps, no-operations. `condition` is the low half of a jcc's opcode; none: always.
  std::optional<std::uint8_t> condition;
  Address target;
  // copy
  std::array<std::byte, copy_size> code{};
  std::uint8_t code_size = 0;
  std::array<Waypoint, 4> waypoints{};
  std::uint8_t waypoint_count = 0;

  // Where the instruction at `at` goes with these flags (emulation only).
  Address destination(Address at, std::uint64_t flags) const;
  // The address a pc `offset` bytes into the copy stands for.
  Waypoint waypoint(std::uint64_t offset) const;
};

// The instruction at `at`, whose bytes begin `bytes`, for a copy that would stand at `copy_at`. single_step:
// it cannot be copied there (a rip-relative operand out of reach) or is of a kind that no copy can do; bytes
// that are no instruction get that too, with length 0.
Displaced displace(std::span<const std::byte> bytes, Address at, Address copy_at);

// Whether the instruction has a rip-relative operand: its copy must stand within 2 GiB of what it refers to.
bool needs_near_copy(std::span<const std::byte> bytes);

// The condition of a jcc with these flags (Intel SDM vol. 2, appendix B, table B-10).
bool condition_holds(std::uint8_t condition, std::uint64_t flags);

}  // namespace situ
