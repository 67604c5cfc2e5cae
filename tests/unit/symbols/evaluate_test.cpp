#include <dwarf.h>
#include <gtest/gtest.h>

#include <cstring>

#include "support/array_memory.h"
#include "symbols/location.h"

namespace situ {
namespace {

LocationOp op(int atom, std::uint64_t number = 0, std::uint64_t number2 = 0) {
  LocationOp made;
  made.atom = static_cast<std::uint8_t>(atom);
  made.number = number;
  made.number2 = number2;
  return made;
}

class Evaluate : public ::testing::Test {
 protected:
  Evaluate() {
    registers.set(Reg::rsp, 0x7000);
    registers.set(Reg::rbp, 0x7040);
    registers.set(Reg::rdi, 0x9000);
    context.registers = &registers;
    context.cfa = Address{0x7050};
    context.memory = &memory;
    context.bias = 0x100000;
  }
  Place run(const LocationExpression& expression, std::optional<std::uint64_t> size = 8) {
    return evaluate(expression, context, size);
  }
  std::uint64_t number(const LocationExpression& expression) {
    LocationExpression value = expression;
    value.push_back(op(DW_OP_stack_value));
    const Place place = run(value);
    EXPECT_EQ(place.kind, PlaceKind::computed);
    std::uint64_t result = 0;
    if (place.value.size() == 8) std::memcpy(&result, place.value.data(), 8);
    return result;
  }

  Registers registers, at_entry;
  ArrayMemory memory;
  LocationContext context;
};

TEST_F(Evaluate, CallsAnAddressFromTheFrameStack) {
  const LocationExpression cfa{op(DW_OP_call_frame_cfa)}, rsp{op(DW_OP_reg7)};
  context.frame_base = &cfa;
  Place place = run({op(DW_OP_fbreg, static_cast<std::uint64_t>(-0x14))}, 4);
  EXPECT_EQ(place.kind, PlaceKind::stack);
  EXPECT_EQ(place.address, Address{0x703c});
  EXPECT_EQ(place.size, 4U);
  context.frame_base = &rsp;  // rustc: the register's value, not the register
  place = run({op(DW_OP_fbreg, 0x10)});
  EXPECT_EQ(place.kind, PlaceKind::stack);
  EXPECT_EQ(place.address, Address{0x7010});
  EXPECT_EQ(run({op(DW_OP_breg7, 8), op(DW_OP_plus_uconst, 8)}).kind, PlaceKind::stack);
  EXPECT_EQ(run({op(DW_OP_breg6, 0)}).kind, PlaceKind::stack);
}

TEST_F(Evaluate, CallsAnAddressFromAnythingElseMemory) {
  memory.put(0x7010, std::uint64_t{0xabc0});
  Place place = run({op(DW_OP_breg7, 0x10), op(DW_OP_deref)});
  EXPECT_EQ(place.kind, PlaceKind::memory);
  EXPECT_EQ(place.address, Address{0xabc0});
  place = run({op(DW_OP_breg5, 4)});
  EXPECT_EQ(place.kind, PlaceKind::memory);
  EXPECT_EQ(place.address, Address{0x9004});
  registers.set(Reg::rbp, 0x555000);  // optimised code: not a frame pointer
  EXPECT_EQ(run({op(DW_OP_breg6, 0)}).kind, PlaceKind::memory);
}

TEST_F(Evaluate, AddsTheBiasToStatics) {
  const Place place = run({op(DW_OP_addr, 0x4010)});
  EXPECT_EQ(place.kind, PlaceKind::static_data);
  EXPECT_EQ(place.address, Address{0x104010});
}

TEST_F(Evaluate, NeedsTheThreadsBlockForThreadLocals) {
  const LocationExpression expression{op(DW_OP_const8u, 0x10), op(DW_OP_form_tls_address)};
  EXPECT_EQ(run(expression).kind, PlaceKind::nowhere);
  context.tls_base = Address{0x5000};
  EXPECT_EQ(run(expression).kind, PlaceKind::thread_local_data);
  EXPECT_EQ(run(expression).address, Address{0x5010});
}

TEST_F(Evaluate, NamesTheRegisterThatHoldsTheValue) {
  EXPECT_EQ(run({op(DW_OP_reg5)}).kind, PlaceKind::reg);
  EXPECT_EQ(run({op(DW_OP_reg5)}).reg, Reg::rdi);
  EXPECT_EQ(run({op(DW_OP_reg0)}).why, Why::unreadable);   // rax of an outer frame
  EXPECT_EQ(run({op(DW_OP_reg17)}).why, Why::unreadable);  // xmm0 there
  const VectorRegisters vectors{};
  context.vectors = &vectors;
  EXPECT_EQ(run({op(DW_OP_reg17)}).reg, Reg::xmm0);
  EXPECT_EQ(run({op(DW_OP_regx, 32)}).reg, Reg::xmm15);
  EXPECT_EQ(run({op(DW_OP_regx, 33)}).why, Why::unsupported_expression);  // st0
}

TEST_F(Evaluate, ComputesWhatTheOperationsSay) {
  const auto minus_7 = static_cast<std::uint64_t>(-7);
  struct Case {
    int atom;
    std::uint64_t left, right, expected;
  };
  for (const Case& c :
       {Case{DW_OP_plus, 3, 4, 7}, Case{DW_OP_minus, 3, 4, ~0ULL}, Case{DW_OP_mul, 3, 4, 12},
        Case{DW_OP_div, minus_7, 2, static_cast<std::uint64_t>(-3)}, Case{DW_OP_mod, 7, 4, 3},
        Case{DW_OP_and, 6, 3, 2}, Case{DW_OP_or, 6, 3, 7}, Case{DW_OP_xor, 6, 3, 5},
        Case{DW_OP_shl, 1, 63, 1ULL << 63}, Case{DW_OP_shl, 1, 64, 0}, Case{DW_OP_shr, minus_7, 60, 15},
        Case{DW_OP_shra, minus_7, 1, static_cast<std::uint64_t>(-4)}, Case{DW_OP_shra, minus_7, 200, ~0ULL},
        Case{DW_OP_lt, minus_7, 2, 1}, Case{DW_OP_gt, minus_7, 2, 0}, Case{DW_OP_le, 2, 2, 1},
        Case{DW_OP_ge, 1, 2, 0}, Case{DW_OP_eq, 2, 2, 1}, Case{DW_OP_ne, 2, 2, 0}})
    EXPECT_EQ(number({op(DW_OP_constu, c.left), op(DW_OP_constu, c.right), op(c.atom)}), c.expected)
        << "atom " << c.atom;
  EXPECT_EQ(number({op(DW_OP_lit5), op(DW_OP_neg)}), static_cast<std::uint64_t>(-5));
  EXPECT_EQ(number({op(DW_OP_const1s, 0xff), op(DW_OP_abs)}), 1U);
  EXPECT_EQ(number({op(DW_OP_lit1), op(DW_OP_lit2), op(DW_OP_lit3), op(DW_OP_rot), op(DW_OP_drop)}), 1U);
  EXPECT_EQ(number({op(DW_OP_lit1), op(DW_OP_lit2), op(DW_OP_over)}), 1U);
  EXPECT_EQ(number({op(DW_OP_constu, 0x1ff), op(DW_OP_convert, 1, DW_ATE_signed)}), ~0ULL);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_lit0), op(DW_OP_div)}).why, Why::unsupported_expression);
}

TEST_F(Evaluate, DividesTheSmallestNumberByMinusOne) {
  const std::uint64_t smallest = 1ULL << 63;
  EXPECT_EQ(number({op(DW_OP_constu, smallest), op(DW_OP_constu, ~0ULL), op(DW_OP_div)}), smallest);
}

TEST_F(Evaluate, GivesAComputedValueItsTypesSize) {
  const Place place = run({op(DW_OP_constu, 0x12345678), op(DW_OP_stack_value)}, 2);
  EXPECT_EQ(place.kind, PlaceKind::computed);
  EXPECT_EQ(place.value, (std::vector<std::byte>{std::byte{0x78}, std::byte{0x56}}));
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_stack_value)}, 16).why, Why::unsupported_expression);
  LocationOp implicit = op(DW_OP_implicit_value, 4);
  implicit.block = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
  EXPECT_EQ(run({implicit}, 4).value, implicit.block);
}

TEST_F(Evaluate, PutsPiecesTogetherAndKeepsTheHoles) {
  const Place place = run(
      {op(DW_OP_reg5), op(DW_OP_piece, 8), op(DW_OP_piece, 4), op(DW_OP_breg7, 0), op(DW_OP_piece, 4)}, 16);
  ASSERT_EQ(place.kind, PlaceKind::pieces);
  ASSERT_EQ(place.pieces.size(), 3U);
  EXPECT_EQ(place.size, 16U);
  EXPECT_EQ(place.pieces[0].place.kind, PlaceKind::reg);
  EXPECT_EQ(place.pieces[1].offset, 8U);
  EXPECT_EQ(place.pieces[1].place.why, Why::optimized_out);
  EXPECT_EQ(place.pieces[2].offset, 12U);
  EXPECT_EQ(place.pieces[2].place.kind, PlaceKind::stack);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_stack_value), op(DW_OP_bit_piece, 3, 0)}).why,
            Why::unsupported_expression);
}

TEST_F(Evaluate, TakesEntryValuesFromTheRegistersAtEntry) {
  LocationOp entry = op(DW_OP_entry_value);
  entry.nested = {op(DW_OP_reg5)};
  EXPECT_EQ(run({entry, op(DW_OP_stack_value)}).why, Why::entry_value_unknown);
  at_entry.set(Reg::rdi, 0x1234);
  context.at_entry = &at_entry;
  EXPECT_EQ(number({entry}), 0x1234U);
  // Without stack_value it is an address (clang's by-reference parameters).
  EXPECT_EQ(run({entry}).kind, PlaceKind::memory);
  EXPECT_EQ(run({entry}).address, Address{0x1234});
}

TEST_F(Evaluate, SaysWhyThereIsNoPlace) {
  EXPECT_EQ(run({}).why, Why::optimized_out);
  EXPECT_EQ(run({op(DW_OP_implicit_pointer)}).why, Why::optimized_out);
  EXPECT_EQ(run({op(DW_OP_GNU_parameter_ref)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_breg7, 0), op(DW_OP_deref)}).why, Why::unreadable);
  EXPECT_EQ(run({op(DW_OP_plus)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_fbreg, 0)}).why, Why::unsupported_expression);
  context.cfa.reset();
  EXPECT_EQ(run({op(DW_OP_call_frame_cfa)}).why, Why::unreadable);
}

TEST_F(Evaluate, EndsWhenAnExpressionDoesNot) {
  LocationOp back = op(DW_OP_skip, static_cast<std::uint16_t>(-3));
  EXPECT_EQ(run({back}).why, Why::unsupported_expression);
  LocationExpression growing{op(DW_OP_lit1), op(DW_OP_skip, static_cast<std::uint16_t>(-4))};
  growing[1].offset = 1;
  EXPECT_EQ(run(growing).why, Why::unsupported_expression);
  LocationExpression nowhere{op(DW_OP_lit1), op(DW_OP_skip, static_cast<std::uint16_t>(-30))};
  nowhere[1].offset = 1;
  EXPECT_EQ(run(nowhere).why, Why::unsupported_expression);
  LocationExpression base{op(DW_OP_fbreg, 0)};  // a frame base of itself
  context.frame_base = &base;
  EXPECT_EQ(run({op(DW_OP_fbreg, 0)}).why, Why::unsupported_expression);
}

TEST_F(Evaluate, BranchesForward) {
  LocationExpression expression{op(DW_OP_lit1), op(DW_OP_bra, 1), op(DW_OP_lit2), op(DW_OP_lit3)};
  expression[1].offset = 1;
  expression[2].offset = 4;
  expression[3].offset = 5;
  EXPECT_EQ(number(expression), 3U);
  expression[0] = op(DW_OP_lit0);
  expression[1].number = 1;
  expression.push_back(op(DW_OP_plus));
  expression[4].offset = 6;
  EXPECT_EQ(number(expression), 5U);
}

TEST_F(Evaluate, PushesTheObjectFirst) {
  context.object = Address{0x8000};
  const Place place = run({op(DW_OP_plus_uconst, 16)});
  EXPECT_EQ(place.address, Address{0x8010});
  EXPECT_EQ(place.kind, PlaceKind::memory);
}

}  // namespace
}  // namespace situ
