#include "unwind/code_rules.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace situ {
namespace {

bool starts_with(Address at, std::initializer_list<unsigned char> code, const MemoryReader& memory) {
  std::array<std::byte, 16> bytes{};
  const std::span<std::byte> wanted(bytes.data(), code.size());
  return memory.read_all(at, wanted) &&
         std::ranges::equal(wanted, code, {}, [](std::byte b) { return std::to_integer<unsigned char>(b); });
}

CallerStep caller_at(const Registers& registers, Address cfa, const MemoryReader& memory) {
  CallerStep step;
  const auto return_address = memory.read_value<std::uint64_t>(cfa - 8);
  if (!return_address) return step;
  step.outcome = CallerStep::Outcome::stepped;
  step.cfa = cfa;
  for (const Reg reg : callee_saved) {
    if (const auto value = registers.get(reg)) step.caller.set(reg, *value);
  }
  step.caller.set(Reg::rip, *return_address);
  step.caller.set(Reg::rsp, cfa.value);
  return step;
}

// The caller's rbp stands right below the return address.
CallerStep with_saved_rbp(CallerStep step, const MemoryReader& memory) {
  if (step.outcome != CallerStep::Outcome::stepped) return step;
  const Address at = step.cfa - 16;
  const auto value = memory.read_value<std::uint64_t>(at);
  if (!value) return CallerStep{};
  step.caller.set(Reg::rbp, *value);
  step.saved.push_back({Reg::rbp, at});
  return step;
}

}  // namespace

bool is_signal_trampoline(Address pc, const MemoryReader& memory) {
  const auto first = memory.read_value<std::uint16_t>(pc);
  if (!first) return false;
  switch (*first) {
    case 0xc748:
      return starts_with(pc, {0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05}, memory);
    case 0x0fb8:
      return starts_with(pc, {0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05}, memory);
    case 0x050f:
      return starts_with(pc - 7, {0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05}, memory) ||
             starts_with(pc - 5, {0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05}, memory);
    default:
      return false;
  }
}

CallerStep step_over_signal(const Registers& registers, const MemoryReader& memory) {
  constexpr std::uint64_t machine_context = 40;  // offsetof(ucontext_t, uc_mcontext)
  constexpr std::array<Reg, register_count> order = {
      Reg::r8,  Reg::r9,  Reg::r10, Reg::r11, Reg::r12, Reg::r13, Reg::r14, Reg::r15, Reg::rdi,
      Reg::rsi, Reg::rbp, Reg::rbx, Reg::rdx, Reg::rax, Reg::rcx, Reg::rsp, Reg::rip};
  CallerStep step;
  std::array<std::uint64_t, register_count> values{};
  const Address from = registers.sp() + machine_context;
  if (!memory.read_all(from, std::as_writable_bytes(std::span(values)))) return step;
  step.outcome = CallerStep::Outcome::stepped;
  for (std::size_t i = 0; i < order.size(); ++i) step.caller.set(order[i], values[i]);
  step.cfa = step.caller.sp();
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Address at = from + i * 8;
    if (at < step.cfa && std::ranges::find(callee_saved, order[i]) != callee_saved.end()) {
      step.saved.push_back({order[i], at});
    }
  }
  return step;
}

std::optional<AddressRange> alternate_stack_of_signal(Address sp, const MemoryReader& memory) {
  constexpr std::uint64_t stack_base = 16, stack_size = 32;  // of ucontext_t's uc_stack
  const auto low = memory.read_value<std::uint64_t>(sp + stack_base);
  const auto size = memory.read_value<std::uint64_t>(sp + stack_size);
  if (!low || !size || *low + *size < *low) return std::nullopt;
  const AddressRange range{{*low}, {*low + *size}};
  return range.contains(sp) ? std::optional(range) : std::nullopt;
}

// The stubs (psABI §5.2), with and without endbr64 and bnd:
//
//   PLTn:  ff 25 <slot>    jmp  *slot(%rip)      nothing pushed
//          68 <index>      push index            nothing pushed yet
//          e9 <PLT0>       jmp  PLT0             8
//   PLT0:  ff 35 <GOT+8>   push GOT+8(%rip)      8
//          ff 25 <GOT+16>  jmp  *GOT+16(%rip)    16
std::optional<std::uint64_t> pushed_by_stub(Address pc, const MemoryReader& memory) {
  const auto is = [&](Address at, std::initializer_list<unsigned char> code) {
    return starts_with(at, code, memory);
  };
  if (is(pc, {0xff, 0x35}) && is(pc + 6, {0xff, 0x25})) return 8;
  if (is(pc, {0xff, 0x25})) return is(pc - 6, {0xff, 0x35}) ? 16 : 0;
  if (is(pc, {0xf2, 0xff, 0x25}) || is(pc, {0xf3, 0x0f, 0x1e, 0xfa, 0xff, 0x25}) ||
      is(pc, {0xf3, 0x0f, 0x1e, 0xfa, 0xf2, 0xff, 0x25})) {
    return 0;
  }
  if (is(pc, {0x68}) && is(pc + 5, {0xe9}) && is(pc - 6, {0xff, 0x25})) return 0;
  if (is(pc, {0xe9}) && is(pc - 5, {0x68}) && is(pc - 11, {0xff, 0x25})) return 8;
  return std::nullopt;
}

CallerStep step_out_of_stub(const Registers& registers, std::uint64_t pushed, const MemoryReader& memory) {
  return caller_at(registers, registers.sp() + pushed + 8, memory);
}

CallerStep guess_caller(const Registers& registers, bool exact_pc, const MemoryReader& memory,
                        const std::function<bool(Address)>& is_code) {
  const auto leads_to_code = [&](const CallerStep& step) {
    return step.outcome == CallerStep::Outcome::stepped && is_code(step.caller.pc() - 1);
  };
  const Address pc = registers.pc(), sp = registers.sp();
  if (exact_pc) {
    constexpr unsigned char push_rbp = 0x55;
    const bool at_push =
        starts_with(pc, {push_rbp}, memory) || starts_with(pc, {0xf3, 0x0f, 0x1e, 0xfa, push_rbp}, memory);
    if (!is_code(pc) || at_push) {
      const CallerStep step = caller_at(registers, sp + 8, memory);
      if (leads_to_code(step)) return step;
    }
    if (starts_with(pc - 1, {push_rbp, 0x48, 0x89, 0xe5}, memory)) {
      const CallerStep step = with_saved_rbp(caller_at(registers, sp + 16, memory), memory);
      if (leads_to_code(step)) return step;
    }
  }
  const auto rbp = registers.get(Reg::rbp);
  if (!rbp || *rbp < sp.value || *rbp % 8 != 0) return {};
  const CallerStep step = with_saved_rbp(caller_at(registers, Address{*rbp} + 16, memory), memory);
  return leads_to_code(step) ? step : CallerStep{};
}

}  // namespace situ
