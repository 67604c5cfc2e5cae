#include "process/prologue.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <optional>

namespace situ {
namespace {

using Ranges = std::vector<std::pair<std::int64_t, std::int64_t>>;

bool is_callee_saved(ZydisRegister reg) {
  return reg == ZYDIS_REGISTER_RBX || reg == ZYDIS_REGISTER_RBP ||
         (reg >= ZYDIS_REGISTER_R12 && reg <= ZYDIS_REGISTER_R15);
}

Ranges without(const Ranges& ranges, std::int64_t low, std::int64_t high) {
  Ranges left;
  for (const auto& [from, to] : ranges) {
    if (from < std::min(to, low)) left.emplace_back(from, std::min(to, low));
    if (std::max(from, high) < to) left.emplace_back(std::max(from, high), to);
  }
  return left;
}

}  // namespace

Ranges pushed_junk(std::span<const std::byte> code) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  Ranges junk;
  std::int64_t sp = -8;            // rsp - CFA at the first instruction: the return address is pushed
  std::optional<std::int64_t> bp;  // rbp - CFA once rbp was set from rsp
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  for (std::size_t at = 0; at < code.size(); at += instruction.length) {
    if (!ZYAN_SUCCESS(
            ZydisDecoderDecodeFull(&decoder, code.data() + at, code.size() - at, &instruction, operands)))
      break;
    const ZydisDecodedOperand& first = operands[0];
    if (instruction.mnemonic == ZYDIS_MNEMONIC_PUSH) {
      sp -= 8;
      if (first.type == ZYDIS_OPERAND_TYPE_REGISTER && !is_callee_saved(first.reg.value))
        junk.emplace_back(sp, sp + 8);
      continue;
    }
    if (instruction.mnemonic == ZYDIS_MNEMONIC_SUB && first.type == ZYDIS_OPERAND_TYPE_REGISTER &&
        first.reg.value == ZYDIS_REGISTER_RSP) {
      if (operands[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE) break;
      sp -= operands[1].imm.value.s;
      continue;
    }
    if (instruction.mnemonic == ZYDIS_MNEMONIC_MOV && first.type == ZYDIS_OPERAND_TYPE_REGISTER &&
        first.reg.value == ZYDIS_REGISTER_RBP && operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
        operands[1].reg.value == ZYDIS_REGISTER_RSP) {
      bp = sp;
      continue;
    }
    for (std::size_t i = 0; i < instruction.operand_count; ++i) {
      const ZydisDecodedOperand& operand = operands[i];
      const bool written = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
      if (!written) continue;
      if (operand.type == ZYDIS_OPERAND_TYPE_REGISTER && operand.reg.value == ZYDIS_REGISTER_RSP) return junk;
      if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.index != ZYDIS_REGISTER_NONE) continue;
      std::optional<std::int64_t> base;
      if (operand.mem.base == ZYDIS_REGISTER_RSP) base = sp;
      if (operand.mem.base == ZYDIS_REGISTER_RBP) base = bp;
      if (!base) continue;
      const std::int64_t low = *base + (operand.mem.disp.has_displacement ? operand.mem.disp.value : 0);
      junk = without(junk, low, low + operand.size / 8);
    }
  }
  return junk;
}

}  // namespace situ
