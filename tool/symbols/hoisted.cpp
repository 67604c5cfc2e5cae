#include "symbols/hoisted.h"

#include <algorithm>
#include <array>
#include <optional>

namespace situ {
namespace {

constexpr unsigned rsp = 4, rip_relative = 5, no_index = 4;

// A decoder for the few instructions that hoisted constants are made of (Intel SDM vol. 2, chapter 2):
// anything else ends it. Registers may be stored only once they hold a constant.
class ConstantStores {
 public:
  explicit ConstantStores(std::span<const std::byte> code) : code_(code) {}

  bool all() {
    while (at_ < code_.size())
      if (!instruction()) return false;
    return true;
  }

 private:
  enum class Operand { slot, constant, reg, other };
  struct ModRm {
    Operand operand = Operand::other;
    unsigned reg = 0, rm = 0;
  };

  std::optional<unsigned> byte() {
    if (at_ == code_.size()) return std::nullopt;
    return std::to_integer<unsigned>(code_[at_++]);
  }
  bool skip(std::size_t count) {
    if (code_.size() - at_ < count) return false;
    at_ += count;
    return true;
  }

  std::optional<ModRm> mod_rm(unsigned rex) {
    const auto encoded = byte();
    if (!encoded) return std::nullopt;
    const unsigned mod = *encoded >> 6, rm = *encoded & 7;
    ModRm found{Operand::other, ((*encoded >> 3) & 7) | ((rex & 4) << 1), rm | ((rex & 1) << 3)};
    if (mod == 3) {
      found.operand = Operand::reg;
      return found;
    }
    if (mod == 0 && rm == rip_relative) {
      found.operand = Operand::constant;
      return skip(4) ? std::optional(found) : std::nullopt;
    }
    if (rm == rsp) {
      const auto sib = byte();
      if (!sib) return std::nullopt;
      const bool plain = (*sib & 7) == rsp && ((*sib >> 3) & 7) == no_index && (rex & 3) == 0;
      if (plain) found.operand = Operand::slot;
    }
    if (!skip(mod == 1 ? 1 : mod == 2 ? 4 : 0)) return std::nullopt;
    return found;
  }

  bool instruction() {
    bool half = false;
    unsigned rex = 0;
    auto opcode = byte();
    while (opcode && (*opcode == 0x66 || *opcode == 0xf2 || *opcode == 0xf3)) {
      half = half || *opcode == 0x66;
      opcode = byte();
    }
    if (opcode && (*opcode & 0xf0) == 0x40) {
      rex = *opcode & 15;
      opcode = byte();
    }
    if (!opcode) return false;
    const bool wide = (rex & 8) != 0;
    const std::size_t immediate = half ? 2 : 4;
    if ((*opcode & 0xf8) == 0xb8) {  // mov reg, imm
      general_.at((*opcode & 7) | ((rex & 1) << 3)) = true;
      return skip(wide ? 8 : immediate);
    }
    if (*opcode == 0x0f) return vector_instruction(rex);
    const auto operand = mod_rm(rex);
    if (!operand) return false;
    switch (*opcode) {
      case 0xc6:  // mov byte [slot], imm
        return operand->operand == Operand::slot && operand->reg % 8 == 0 && skip(1);
      case 0xc7:  // mov [slot] or reg, imm
        if (operand->operand == Operand::reg) general_.at(operand->rm) = true;
        return (operand->operand == Operand::slot || operand->operand == Operand::reg) &&
               operand->reg % 8 == 0 && skip(immediate);
      case 0x8d:  // lea reg, [rip + n]
        general_.at(operand->reg) = true;
        return operand->operand == Operand::constant;
      case 0x88:
      case 0x89:  // mov [slot], reg
        return operand->operand == Operand::slot && general_.at(operand->reg);
      case 0x31:
      case 0x33:  // xor reg, reg
        general_.at(operand->reg) = true;
        return operand->operand == Operand::reg && operand->reg == operand->rm;
      default:
        return false;
    }
  }

  bool vector_instruction(unsigned rex) {
    const auto opcode = byte();
    const auto operand = opcode ? mod_rm(rex) : std::nullopt;
    if (!operand) return false;
    switch (*opcode) {
      case 0x10:
      case 0x28:
      case 0x6f:  // movss, movsd, movups, movaps, movdqa xmm, [rip + n]
        vector_.at(operand->reg) = true;
        return operand->operand == Operand::constant;
      case 0x57:
      case 0xef:  // xorps, pxor xmm, xmm
        vector_.at(operand->reg) = true;
        return operand->operand == Operand::reg && operand->reg == operand->rm;
      case 0x11:
      case 0x29:
      case 0x7f:
      case 0xd6:  // the same to [slot]
        return operand->operand == Operand::slot && vector_.at(operand->reg);
      default:
        return false;
    }
  }

  std::span<const std::byte> code_;
  std::size_t at_ = 0;
  std::array<bool, 16> general_{}, vector_{};
};

bool declares_on(const FunctionInfo& function, const FunctionRow& row) {
  return std::any_of(function.variables.begin(), function.variables.end(), [&](const VariableInfo& variable) {
    return variable.line == row.line && variable.file == row.file;
  });
}

}  // namespace

bool only_stores_constants(std::span<const std::byte> code) {
  return !code.empty() && ConstantStores(code).all();
}

HoistedHead find_hoisted_head(const FunctionInfo& function, const std::vector<FunctionRow>& rows,
                              std::size_t body, const ElfImage& image) {
  HoistedHead head{body, body, {}, {}};
  if (body >= rows.size()) return head;
  head.behind = rows[body].code.low;
  if (function.language != Language::rust || function.optimised) return head;
  while (head.end < rows.size()) {
    const FunctionRow& row = rows[head.end];
    const bool contiguous = row.code.low == head.behind;
    if (!contiguous || !declares_on(function, row) ||
        !only_stores_constants(image.bytes(row.code.low, row.code.size())))
      break;
    head.behind = row.code.high;
    ++head.end;
  }
  std::size_t real = head.end;
  while (real < rows.size() && rows[real].own_line == 0) ++real;
  const std::uint32_t first_line = real < rows.size() ? rows[real].own_line : ~0U;
  for (std::size_t i = head.first; i < head.end; ++i) head.out_of_order.push_back(rows[i].line > first_line);
  return head;
}

}  // namespace situ
