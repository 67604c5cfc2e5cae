#include "base/registers.h"

namespace situ {

std::string_view register_name(Reg reg) {
  static constexpr std::array<std::string_view, register_count + vector_register_count> names = {
      "rax",  "rdx",  "rcx",  "rbx",  "rsi",  "rdi",   "rbp",   "rsp",   "r8",    "r9",    "r10",
      "r11",  "r12",  "r13",  "r14",  "r15",  "rip",   "xmm0",  "xmm1",  "xmm2",  "xmm3",  "xmm4",
      "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"};
  return names[static_cast<std::size_t>(reg)];
}

}  // namespace situ
