// The registers of one thread or of one unwound frame, numbered as DWARF numbers them (System V psABI x86-64,
// figure 3.36: rax 0, rdx 1, rcx 2, rbx 3, rsi 4, rdi 5, rbp 6, rsp 7, r8..r15, return address 16, xmm0 17).
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/address.h"

namespace situ {

enum class Reg : std::uint8_t {
  rax,
  rdx,
  rcx,
  rbx,
  rsi,
  rdi,
  rbp,
  rsp,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  rip,
  xmm0,  // and so on to xmm15, which have no names here
  xmm15 = 32
};
inline constexpr std::size_t register_count = 17;  // without the vector registers
inline constexpr std::size_t vector_register_count = 16;

constexpr bool is_vector(Reg reg) {
  return reg >= Reg::xmm0 && reg <= Reg::xmm15;
}

using VectorRegister = std::array<std::byte, 16>;
using VectorRegisters = std::array<VectorRegister, vector_register_count>;  // xmm0 ... xmm15

// The assembler's name: "rax" ... "r15", "rip", "xmm0" ... "xmm15".
std::string_view register_name(Reg reg);

// Values of the general registers with a mask of which are known: in an unwound caller frame only the
// callee-saved ones are.
class Registers {
 public:
  std::optional<std::uint64_t> get(Reg reg) const {
    const auto i = static_cast<std::size_t>(reg);
    return i < register_count && known_[i] ? std::optional(values_[i]) : std::nullopt;
  }
  void set(Reg reg, std::uint64_t value) {
    values_[static_cast<std::size_t>(reg)] = value;
    known_.set(static_cast<std::size_t>(reg));
  }
  void forget(Reg reg) { known_.reset(static_cast<std::size_t>(reg)); }

  // For registers that are known by construction (a stopped thread's); 0 when not known.
  Address pc() const { return {values_[static_cast<std::size_t>(Reg::rip)]}; }
  Address sp() const { return {values_[static_cast<std::size_t>(Reg::rsp)]}; }

  friend bool operator==(const Registers&, const Registers&) = default;

 private:
  std::array<std::uint64_t, register_count> values_{};
  std::bitset<register_count> known_;
};

}  // namespace situ
