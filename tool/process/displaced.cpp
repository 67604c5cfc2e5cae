#include "process/displaced.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>

#include "base/check.h"

// Four ways, none of which costs a stop:
//
//   jmp, jcc, nop, endbr64   emulated: only rip changes, and it is written anyway
//   call                     push imm32          low half of the return address, sign-extended
//                            mov  [rsp+4], imm32 high half
//                            jmp  target         no flag is touched, no register is needed
//   loop, jrcxz              the branch with displacement 14 over the first of two jumps
//   anything else            the bytes as they are, a rip-relative displacement moved along, a jump back
//
// "jmp" in a copy is `jmp [rip+0]` followed by the 8-byte address: it reaches everything. The return address
// a call pushes is the original one, so that unwinding never sees the copy.

namespace situ {
namespace {

struct Instruction {
  ZydisDecodedInstruction zydis;
  std::span<const std::byte> bytes;

  bool rip_relative() const {
    return (zydis.attributes & ZYDIS_ATTRIB_HAS_MODRM) != 0 && zydis.raw.modrm.mod == 0 &&
           zydis.raw.modrm.rm == 5;
  }
  bool relative_branch() const { return zydis.raw.imm[0].is_relative != 0; }
  std::size_t immediate_at() const { return zydis.raw.imm[0].offset; }
};

std::optional<Instruction> decode(std::span<const std::byte> bytes) {
  static const ZydisDecoder decoder = [] {
    ZydisDecoder d;
    CHECK(ZYAN_SUCCESS(ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)));
    return d;
  }();
  Instruction instruction{};
  if (!ZYAN_SUCCESS(
          ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data(), bytes.size(), &instruction.zydis)))
    return std::nullopt;
  instruction.bytes = bytes.first(instruction.zydis.length);
  return instruction;
}

class CopyWriter {
 public:
  explicit CopyWriter(Displaced& out) : out_(out) {}

  void bytes(std::span<const std::byte> from) {
    CHECK(out_.code_size + from.size() <= copy_size);
    std::copy(from.begin(), from.end(), out_.code.begin() + out_.code_size);
    out_.code_size = static_cast<std::uint8_t>(out_.code_size + from.size());
  }
  void opcode(std::initializer_list<int> values) {
    for (int value : values) {
      const auto byte = static_cast<std::byte>(value);
      bytes(std::span(&byte, 1));
    }
  }
  template <class T>
  void number(T value) {
    bytes(std::as_bytes(std::span(&value, 1)));
  }
  void waypoint(Address stands_for, std::uint8_t pushed = 0) {
    CHECK(out_.waypoint_count < out_.waypoints.size());
    out_.waypoints[out_.waypoint_count++] = {out_.code_size, pushed, stands_for};
  }
  void jump(Address target) {
    opcode({0xff, 0x25, 0, 0, 0, 0});
    number(target.value);
  }
  // Pushes the return address: two instructions, the second with its own waypoint.
  void push(Address call, Address return_address) {
    opcode({0x68});
    number(static_cast<std::uint32_t>(return_address.value));
    waypoint(call, 8);
    opcode({0xc7, 0x44, 0x24, 0x04});
    number(static_cast<std::uint32_t>(return_address.value >> 32));
    waypoint(call, 8);
  }

 private:
  Displaced& out_;
};

// Appends the instruction with its rip-relative displacement changed for its new place; false: out of reach.
bool relocate(const Instruction& in, CopyWriter& writer, Address at, Address copy_at) {
  std::array<std::byte, ZYDIS_MAX_INSTRUCTION_LENGTH> moved{};
  std::copy(in.bytes.begin(), in.bytes.end(), moved.begin());
  if (in.rip_relative()) {
    const std::int64_t displacement = in.zydis.raw.disp.value + (at - copy_at);
    const auto fits = static_cast<std::int32_t>(displacement);
    if (fits != displacement) return false;
    std::memcpy(moved.data() + in.zydis.raw.disp.offset, &fits, sizeof fits);
  }
  writer.bytes(std::span(moved).first(in.bytes.size()));
  return true;
}

bool has_operand_size_prefix(const Instruction& in) {
  return (in.zydis.attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE) != 0;
}

void displace_relative_branch(const Instruction& in, Address at, Displaced& out) {
  const Address next = at + in.bytes.size();
  const Address target = next + static_cast<std::uint64_t>(in.zydis.raw.imm[0].value.s);
  const auto opcode = in.zydis.opcode;
  const bool two_byte = in.zydis.opcode_map == ZYDIS_OPCODE_MAP_0F;
  if (has_operand_size_prefix(in)) return;  // AMD truncates rip, Intel ignores the prefix
  if (!two_byte && (opcode == 0xeb || opcode == 0xe9)) {
    out.by = Displaced::By::emulation;
    out.target = target;
  } else if (two_byte ? (opcode & 0xf0) == 0x80 : (opcode & 0xf0) == 0x70) {
    out.by = Displaced::By::emulation;
    out.condition = opcode & 0x0f;
    out.target = target;
  } else if (!two_byte && opcode == 0xe8) {
    out.by = Displaced::By::copy;
    CopyWriter writer(out);
    writer.waypoint(at);
    writer.push(at, next);
    writer.jump(target);
  } else if (!two_byte && opcode >= 0xe0 && opcode <= 0xe3) {
    out.by = Displaced::By::copy;
    CopyWriter writer(out);
    writer.waypoint(at);
    writer.bytes(in.bytes.first(in.immediate_at()));
    writer.opcode({14});
    writer.waypoint(next);
    writer.jump(next);
    writer.waypoint(target);
    writer.jump(target);
  }
}

// call *operand: the push comes first, so an operand that counts from rsp cannot be copied.
void displace_indirect_call(const Instruction& in, Address at, Address copy_at, Displaced& out) {
  const auto& raw = in.zydis.raw;
  if (has_operand_size_prefix(in) ||
      (raw.modrm.rm == 4 && raw.modrm.mod != 3 && raw.sib.base == 4 && raw.rex.B == 0))
    return;
  if (raw.modrm.mod == 3 && raw.modrm.rm == 4 && raw.rex.B == 0) return;  // call *%rsp
  CopyWriter writer(out);
  writer.waypoint(at);
  writer.push(at, at + in.bytes.size());
  const std::size_t jump_at = out.code_size;
  if (!relocate(in, writer, at, copy_at + jump_at)) return;
  auto& modrm = out.code[jump_at + raw.modrm.offset];
  modrm = (modrm & std::byte{0xc7}) | std::byte{4 << 3};  // FF /2 call becomes FF /4 jmp
  out.by = Displaced::By::copy;
}

void displace_plain(const Instruction& in, Address at, Address copy_at, Displaced& out) {
  CopyWriter writer(out);
  writer.waypoint(at);
  if (!relocate(in, writer, at, copy_at)) return;
  writer.waypoint(at + in.bytes.size());
  writer.jump(at + in.bytes.size());
  out.by = Displaced::By::copy;
}

}  // namespace

Displaced displace(std::span<const std::byte> bytes, Address at, Address copy_at) {
  Displaced out;
  const auto in = decode(bytes);
  if (!in) return out;
  out.length = in->zydis.length;
  switch (in->zydis.mnemonic) {
    case ZYDIS_MNEMONIC_NOP:
    case ZYDIS_MNEMONIC_ENDBR64:
      out.by = Displaced::By::emulation;
      out.target = at + in->bytes.size();
      return out;
    case ZYDIS_MNEMONIC_XBEGIN:
      return out;
    default:
      break;
  }
  const bool indirect_group = in->zydis.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && in->zydis.opcode == 0xff;
  if (in->relative_branch())
    displace_relative_branch(*in, at, out);
  else if (indirect_group && in->zydis.raw.modrm.reg == 2)
    displace_indirect_call(*in, at, copy_at, out);
  else if (indirect_group && in->zydis.raw.modrm.reg == 3)
    return out;  // far call: pushes cs and a return address of the copy
  else
    displace_plain(*in, at, copy_at, out);
  if (out.by != Displaced::By::copy) out.code_size = 0;
  return out;
}

bool needs_near_copy(std::span<const std::byte> bytes) {
  const auto in = decode(bytes);
  return in && in->rip_relative();
}

Address Displaced::destination(Address at, std::uint64_t flags) const {
  if (condition && !condition_holds(*condition, flags)) return at + length;
  return target;
}

Displaced::Waypoint Displaced::waypoint(std::uint64_t offset) const {
  Waypoint best = waypoints[0];
  for (const Waypoint& candidate : std::span(waypoints).first(waypoint_count))
    if (candidate.offset <= offset) best = candidate;
  return best;
}

bool condition_holds(std::uint8_t condition, std::uint64_t flags) {
  const bool carry = (flags & 0x001) != 0, parity = (flags & 0x004) != 0, zero = (flags & 0x040) != 0,
             sign = (flags & 0x080) != 0, overflow = (flags & 0x800) != 0;
  const bool holds[8] = {
      overflow, carry, zero, carry || zero, sign, parity, sign != overflow, zero || sign != overflow};
  return holds[(condition >> 1) & 7] != ((condition & 1) != 0);
}

}  // namespace situ
