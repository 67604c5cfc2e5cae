#include "base/registers.h"

namespace situ {

std::string_view register_name(Reg reg) {
  static constexpr std::array<std::string_view, register_count> names = {
      "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8",
      "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rip"};
  return names[static_cast<std::size_t>(reg)];
}

}  // namespace situ
