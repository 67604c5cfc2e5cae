#include "unwind/code_rules.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

using Outcome = CallerStep::Outcome;

Registers at(Address pc, Address sp) {
  Registers registers;
  registers.set(Reg::rip, pc.value);
  registers.set(Reg::rsp, sp.value);
  return registers;
}

TEST(CodeRules, TheSignalTrampolineIsKnownAtBothItsInstructions) {
  MemoryParts memory;
  memory.put_code({0x1000}, {0x90, 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05, 0xc3, 0, 0, 0, 0});
  EXPECT_TRUE(is_signal_trampoline({0x1001}, memory));
  EXPECT_TRUE(is_signal_trampoline({0x1008}, memory));
  EXPECT_FALSE(is_signal_trampoline({0x1000}, memory));
  EXPECT_FALSE(is_signal_trampoline({0x100a}, memory));
}

TEST(CodeRules, AnotherSystemCallIsNoTrampoline) {
  MemoryParts memory;
  memory.put_code({0x1000}, {0x48, 0xc7, 0xc0, 0x0e, 0, 0, 0, 0x0f, 0x05, 0xc3, 0, 0, 0, 0});
  EXPECT_FALSE(is_signal_trampoline({0x1000}, memory));
  EXPECT_FALSE(is_signal_trampoline({0x1007}, memory));
}

TEST(CodeRules, OverASignalAllRegistersAreThoseTheKernelSaved) {
  MemoryParts memory;
  std::vector<std::uint64_t> context(5 + register_count);
  for (std::size_t i = 0; i < register_count; ++i) context[5 + i] = 100 + i;
  context[5 + 15] = 0x9000;  // rsp
  context[5 + 16] = 0x4242;  // rip
  memory.put_words({0x8000}, context);
  const CallerStep step = step_over_signal(at({0x1000}, {0x8000}), memory);
  ASSERT_EQ(step.outcome, Outcome::stepped);
  EXPECT_EQ(step.caller.pc(), Address{0x4242});
  EXPECT_EQ(step.cfa, Address{0x9000});
  EXPECT_EQ(step.caller.get(Reg::r8), 100u);
  EXPECT_EQ(step.caller.get(Reg::rax), 113u);
  EXPECT_EQ(step.caller.get(Reg::rbx), 111u);
  EXPECT_EQ(step.saved.size(), callee_saved.size());
}

TEST(CodeRules, ASignalFrameSaysWhichAlternateStackItLiesOn) {
  MemoryParts memory;
  memory.put_words({0x8000}, {0, 0, 0x7000, 0, 0x2000});
  EXPECT_EQ(alternate_stack_of_signal({0x8000}, memory), (AddressRange{{0x7000}, {0x9000}}));
  memory.put_words({0x8000}, {0, 0, 0x4000, 0, 0x2000});  // one is there, and the frame is not on it
  EXPECT_EQ(alternate_stack_of_signal({0x8000}, memory), std::nullopt);
  memory.put_words({0x8000}, {0, 0, 0x7000, 0, ~std::uint64_t{0}});
  EXPECT_EQ(alternate_stack_of_signal({0x8000}, memory), std::nullopt);
  EXPECT_EQ(alternate_stack_of_signal({0x9000}, memory), std::nullopt);
}

TEST(CodeRules, AStubIsSteppedByWhatItHasPushedSoFar) {
  MemoryParts memory;
  memory.put_code({0x1000}, {0xff, 0x35, 1, 0, 0, 0, 0xff, 0x25, 2, 0, 0, 0,    0x90, 0x90, 0x90, 0x90,
                             0xff, 0x25, 3, 0, 0, 0, 0x68, 0,    0, 0, 0, 0xe9, 0xe0, 0xff, 0xff, 0xff});
  EXPECT_EQ(pushed_by_stub({0x1000}, memory), 8u);
  EXPECT_EQ(pushed_by_stub({0x1006}, memory), 16u);
  EXPECT_EQ(pushed_by_stub({0x1010}, memory), 0u);
  EXPECT_EQ(pushed_by_stub({0x1016}, memory), 0u);
  EXPECT_EQ(pushed_by_stub({0x101b}, memory), 8u);
  EXPECT_EQ(pushed_by_stub({0x100c}, memory), std::nullopt);
}

TEST(CodeRules, AGuessThatDoesNotLeadToCodeIsNone) {
  MemoryParts memory;
  memory.put_words({0x8000}, {0x8010, 0x5005});
  Registers registers = at({0x1000}, {0x7ff0});
  registers.set(Reg::rbp, 0x8000);
  const CallerStep good =
      guess_caller(registers, false, memory, [](Address a) { return a == Address{0x5004}; });
  ASSERT_EQ(good.outcome, Outcome::stepped);
  EXPECT_EQ(good.cfa, Address{0x8010});
  EXPECT_EQ(good.caller.get(Reg::rbp), 0x8010u);
  const CallerStep bad = guess_caller(registers, false, memory, [](Address) { return false; });
  EXPECT_EQ(bad.outcome, Outcome::failed);
}

TEST(CodeRules, AFramePointerBelowTheStackPointerIsNotFollowed) {
  MemoryParts memory;
  memory.put_words({0x8000}, {0x8010, 0x5005});
  Registers registers = at({0x1000}, {0x8008});
  registers.set(Reg::rbp, 0x8000);
  EXPECT_EQ(guess_caller(registers, false, memory, [](Address) { return true; }).outcome, Outcome::failed);
}

TEST(CodeRules, AJumpToWhereNoCodeIsCameFromTheTopOfTheStack) {
  MemoryParts memory;
  memory.put_words({0x8000}, {0x5005});
  const CallerStep step =
      guess_caller(at({0}, {0x8000}), true, memory, [](Address a) { return a == Address{0x5004}; });
  ASSERT_EQ(step.outcome, Outcome::stepped);
  EXPECT_EQ(step.caller.pc(), Address{0x5005});
  EXPECT_EQ(step.cfa, Address{0x8008});
}

}  // namespace
}  // namespace situ
