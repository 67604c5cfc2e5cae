#include "process/syscall_sites.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace situ {
namespace {

constexpr int most_instructions_between = 8;

// From a mov to the syscall that uses it: straight code that leaves eax alone.
std::optional<std::size_t> following_syscall(const ZydisDecoder& decoder, std::span<const std::byte> text,
                                             std::size_t at) {
  for (int i = 0; i < most_instructions_between; ++i) {
    ZydisDecodedInstruction instruction;
    std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT> operands;
    if (at >= text.size() ||
        !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, text.data() + at, text.size() - at, &instruction,
                                             operands.data())))
      return std::nullopt;
    if (instruction.mnemonic == ZYDIS_MNEMONIC_SYSCALL) return at;
    const auto category = instruction.meta.category;
    if (category == ZYDIS_CATEGORY_CALL || category == ZYDIS_CATEGORY_UNCOND_BR ||
        category == ZYDIS_CATEGORY_RET || category == ZYDIS_CATEGORY_COND_BR)
      return std::nullopt;
    for (std::size_t o = 0; o < instruction.operand_count; ++o) {
      const ZydisDecodedOperand& operand = operands[o];
      const bool written = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
      if (written && operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
          ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, operand.reg.value) ==
              ZYDIS_REGISTER_RAX)
        return std::nullopt;
    }
    at += instruction.length;
  }
  return std::nullopt;
}

// Whether code decoded from before `at` agrees that an instruction begins there: x86 code read from a wrong
// start falls into step within a few instructions.
bool begins_instruction(const ZydisDecoder& decoder, std::span<const std::byte> text, std::size_t at) {
  constexpr std::size_t run_up = 64, starts = 16;
  if (at < run_up) return true;
  std::size_t agree = 0;
  for (std::size_t start = at - run_up; start < at - run_up + starts; ++start) {
    std::size_t here = start;
    while (here < at) {
      ZydisDecodedInstruction instruction;
      const bool decoded = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, text.data() + here,
                                                                      text.size() - here, &instruction));
      here += decoded ? instruction.length : 1u;
    }
    agree += here == at ? 1 : 0;
  }
  return agree * 2 >= starts;
}

}  // namespace

std::vector<std::size_t> syscall_sites(std::span<const std::byte> text, int number) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  // mov imm32, %eax: b8; mov imm32, %rax: 48 c7 c0. The number follows either.
  std::array<std::byte, 4> constant;
  std::memcpy(constant.data(), &number, constant.size());
  std::vector<std::size_t> sites;
  for (std::size_t offset = 0;; ++offset) {
    const void* hit = memmem(text.data() + offset, text.size() - offset, constant.data(), constant.size());
    if (hit == nullptr) break;
    offset = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - text.data());
    std::size_t start = text.size();
    if (offset >= 1 && text[offset - 1] == std::byte{0xb8}) start = offset - 1;
    if (offset >= 3 && text[offset - 3] == std::byte{0x48} && text[offset - 2] == std::byte{0xc7} &&
        text[offset - 1] == std::byte{0xc0})
      start = offset - 3;
    if (start == text.size() || !begins_instruction(decoder, text, start)) continue;
    if (const auto site = following_syscall(decoder, text, offset + 4)) sites.push_back(*site);
  }
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

}  // namespace situ
