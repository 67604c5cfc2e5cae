#include "unwind/frame_row.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

using Kind = FrameRow::Kind;

std::uint64_t value(const Registers& registers, Reg reg) {
  return *registers.get(reg);
}

// An interpreter of: CFA = base + offset, everything unchanged.
CallerStep plain(const Registers& registers, const MemoryReader& memory, Address cfa) {
  CallerStep step;
  const auto return_address = memory.read_value<std::uint64_t>(cfa - 8);
  if (!return_address) return step;
  step.outcome = CallerStep::Outcome::stepped;
  step.cfa = cfa;
  for (const Reg reg : callee_saved) {
    if (const auto known = registers.get(reg)) step.caller.set(reg, *known);
  }
  step.caller.set(Reg::rip, *return_address);
  step.caller.set(Reg::rsp, cfa.value);
  return step;
}

void restore(CallerStep& step, Reg reg, Address at, Address sp, const MemoryReader& memory) {
  if (const auto word = memory.read_value<std::uint64_t>(at)) step.caller.set(reg, *word);
  if (at >= sp) step.saved.push_back({reg, at});
}

CallerStep leaf(const Registers& registers, const MemoryReader& memory) {
  return plain(registers, memory, registers.sp() + 8);
}

// push %rbp; mov %rsp, %rbp; push %rbx; push %r12
CallerStep framed(const Registers& registers, const MemoryReader& memory) {
  const Address cfa = Address{value(registers, Reg::rbp)} + 16;
  CallerStep step = plain(registers, memory, cfa);
  restore(step, Reg::rbx, cfa - 24, registers.sp(), memory);
  restore(step, Reg::rbp, cfa - 16, registers.sp(), memory);
  restore(step, Reg::r12, cfa - 32, registers.sp(), memory);
  return step;
}

Kind kind_of(const StepWith& step) {
  return learn_row(MemoryParts(), step).kind;
}

TEST(FrameRow, ALeafHasItsCfaAboveSpAndAllRegistersUnchanged) {
  const FrameRow row = learn_row(MemoryParts(), leaf);
  EXPECT_EQ(row, (FrameRow{Kind::steps, Reg::rsp, 8, -8, {0, 0, 0, 0, 0, 0}}));
}

TEST(FrameRow, AFramePointerIsTheBaseAndSavedRegistersHaveTheirDistances) {
  const FrameRow row = learn_row(MemoryParts(), framed);
  EXPECT_EQ(row, (FrameRow{Kind::steps, Reg::rbp, 16, -32, {-24, -16, -32, 0, 0, 0}}));
}

// After pop %rbx its rule may go on naming the slot, now below sp.
TEST(FrameRow, ASlotBelowSpIsLearnedToo) {
  const FrameRow row = learn_row(MemoryParts(), [](const Registers& registers, const MemoryReader& memory) {
    CallerStep step = leaf(registers, memory);
    restore(step, Reg::rbx, registers.sp() - 8, registers.sp(), memory);
    return step;
  });
  EXPECT_EQ(row, (FrameRow{Kind::steps, Reg::rsp, 8, -16, {-16, 0, 0, 0, 0, 0}}));
}

TEST(FrameRow, RulesOfAnotherFormAreNotTaken) {
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              return plain(registers, memory, Address{value(registers, Reg::r10)});
            }),
            Kind::other)
      << "another base";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              const auto cfa = memory.read_value<std::uint64_t>(registers.sp() + 16);
              return plain(registers, memory, Address{cfa.value_or(0)});
            }),
            Kind::other)
      << "a CFA read from the stack";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              return plain(registers, memory, Address{registers.sp().value & ~std::uint64_t{15}} + 16);
            }),
            Kind::other)
      << "sp rounded down";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              CallerStep step = leaf(registers, memory);
              step.caller.set(Reg::rbx, value(registers, Reg::r12));
              return step;
            }),
            Kind::other)
      << "a register in another";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              CallerStep step = leaf(registers, memory);
              step.caller.forget(Reg::r15);
              return step;
            }),
            Kind::other)
      << "a register that is lost";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              CallerStep step = leaf(registers, memory);
              step.caller.set(Reg::rip, *memory.read_value<std::uint64_t>(registers.sp() + 8));
              return step;
            }),
            Kind::other)
      << "a return address elsewhere";
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader& memory) {
              CallerStep step = leaf(registers, memory);
              step.caller.set(Reg::rip, 0x401000);
              return step;
            }),
            Kind::other)
      << "a constant";
  EXPECT_EQ(kind_of([](const Registers&, const MemoryReader&) { return CallerStep{}; }), Kind::other);
}

TEST(FrameRow, TheEndAndMissingInformationAreRowsToo) {
  EXPECT_EQ(kind_of([](const Registers&, const MemoryReader&) {
              CallerStep step;
              step.outcome = CallerStep::Outcome::no_info;
              return step;
            }),
            Kind::no_info);
  EXPECT_EQ(kind_of([](const Registers& registers, const MemoryReader&) {
              CallerStep step;
              step.outcome = CallerStep::Outcome::end;
              step.cfa = registers.sp() + 8;
              return step;
            }),
            Kind::ends);
}

class StepByRow : public testing::Test {
 protected:
  StepByRow() {
    for (std::size_t i = 0; i < register_count; ++i) registers_.set(static_cast<Reg>(i), 0x1111 * i);
    registers_.set(Reg::rsp, 0x8000);
    registers_.set(Reg::rbp, 0x8010);
    memory_.put_words({0x8000}, {12, 3, 6, 0x401000});
  }
  FrameRow row_ = learn_row(MemoryParts(), framed);
  Registers registers_;
  MemoryParts memory_;
};

TEST_F(StepByRow, IsWhatTheInterpreterSays) {
  EXPECT_EQ(step_by_row(row_, registers_, memory_), framed(registers_, memory_));
  registers_.forget(Reg::r14);
  EXPECT_EQ(step_by_row(row_, registers_, memory_), framed(registers_, memory_));
}

TEST_F(StepByRow, ReadsTheStackOnce) {
  memory_.reads = 0;
  ASSERT_TRUE(step_by_row(row_, registers_, memory_));
  EXPECT_EQ(memory_.reads, 1);
}

TEST_F(StepByRow, LeavesDamageToTheInterpreter) {
  Registers low = registers_;
  low.set(Reg::rsp, 0x9000);
  EXPECT_EQ(step_by_row(row_, low, memory_), std::nullopt) << "the CFA is not above sp";
  Registers unknown = registers_;
  unknown.forget(Reg::rbp);
  EXPECT_EQ(step_by_row(row_, unknown, memory_), std::nullopt);
  EXPECT_EQ(step_by_row(row_, registers_, MemoryParts()), std::nullopt) << "the stack cannot be read";
  EXPECT_EQ(step_by_row(FrameRow{}, registers_, memory_), std::nullopt);
}

}  // namespace
}  // namespace situ
