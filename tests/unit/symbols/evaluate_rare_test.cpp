// Operations that no compiler at hand writes, or writes rarely: assembled here.
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

class EvaluateRare : public ::testing::Test {
 protected:
  EvaluateRare() {
    registers.set(Reg::rsp, 0x7000);
    registers.set(Reg::rax, 0x1122334455667788);
    context.registers = &registers;
    context.cfa = Address{0x7050};
    context.memory = &memory;
  }
  Place run(const LocationExpression& expression, std::optional<std::uint64_t> size = 8) {
    return evaluate(expression, context, size);
  }
  std::uint64_t number(LocationExpression expression) {
    expression.push_back(op(DW_OP_stack_value));
    const Place place = run(expression);
    EXPECT_EQ(place.kind, PlaceKind::computed);
    std::uint64_t result = 0;
    if (place.value.size() == sizeof result) std::memcpy(&result, place.value.data(), sizeof result);
    return result;
  }

  Registers registers;
  ArrayMemory memory;
  LocationContext context;
};

TEST_F(EvaluateRare, ReadsAsManyBytesAsTheDereferenceSays) {
  memory.put(0x7010, std::uint64_t{0x8877665544332211});
  EXPECT_EQ(number({op(DW_OP_breg7, 0x10), op(DW_OP_deref_size, 1)}), 0x11U);
  EXPECT_EQ(number({op(DW_OP_breg7, 0x10), op(DW_OP_deref_size, 4)}), 0x44332211U);
  EXPECT_EQ(number({op(DW_OP_breg7, 0x10), op(DW_OP_deref_size, 8)}), 0x8877665544332211U);
  EXPECT_EQ(run({op(DW_OP_breg7, 0x10), op(DW_OP_deref_size, 9)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_breg7, 0x10), op(DW_OP_deref_size, 0)}).why, Why::unsupported_expression);
}

TEST_F(EvaluateRare, MovesWordsOnItsStack) {
  EXPECT_EQ(number({op(DW_OP_lit7), op(DW_OP_lit2), op(DW_OP_swap), op(DW_OP_minus)}), std::uint64_t(-5));
  EXPECT_EQ(number({op(DW_OP_lit9), op(DW_OP_lit1), op(DW_OP_lit2), op(DW_OP_pick, 2)}), 9U);
  EXPECT_EQ(number({op(DW_OP_lit9), op(DW_OP_dup), op(DW_OP_plus)}), 18U);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_pick, 1)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_swap)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_lit2), op(DW_OP_rot)}).why, Why::unsupported_expression);
  EXPECT_EQ(run({op(DW_OP_drop)}).why, Why::unsupported_expression);
}

TEST_F(EvaluateRare, TurnsBitsAround) {
  EXPECT_EQ(number({op(DW_OP_lit0), op(DW_OP_not)}), ~std::uint64_t{0});
  EXPECT_EQ(number({op(DW_OP_constu, 1ULL << 63), op(DW_OP_neg)}), 1ULL << 63);
  EXPECT_EQ(number({op(DW_OP_constu, 1ULL << 63), op(DW_OP_abs)}), 1ULL << 63);
  EXPECT_EQ(number({op(DW_OP_constu, 0x1ff), op(DW_OP_convert, 1, DW_ATE_unsigned)}), 0xffU);
  EXPECT_EQ(number({op(DW_OP_constu, 0x180), op(DW_OP_convert, 1, DW_ATE_signed)}), std::uint64_t(-128));
  EXPECT_EQ(number({op(DW_OP_constu, 0x180), op(DW_OP_convert)}), 0x180U);
  EXPECT_EQ(run({op(DW_OP_lit1), op(DW_OP_convert, 8, DW_ATE_float), op(DW_OP_stack_value)}).why,
            Why::unsupported_expression);
}

TEST_F(EvaluateRare, TakesAFrameBaseThatIsComputed) {
  // rustc -O2
  const LocationExpression base{op(DW_OP_call_frame_cfa), op(DW_OP_consts, std::uint64_t(-16)),
                                op(DW_OP_plus)};
  context.frame_base = &base;
  const Place place = run({op(DW_OP_fbreg, 8)});
  EXPECT_EQ(place.kind, PlaceKind::stack);
  EXPECT_EQ(place.address, Address{0x7048});
}

TEST_F(EvaluateRare, PushesTheObjectWhereAskedTo) {
  EXPECT_EQ(run({op(DW_OP_push_object_address)}).why, Why::unsupported_expression);
  context.object = Address{0x8000};
  memory.put(0x8000, std::uint64_t{0x9000});
  memory.put(0x9000 - 24, std::uint64_t{0x30});
  // The place of a virtual base: the object's address plus what its vtable says (the object is pushed first).
  const Place place = run(
      {op(DW_OP_dup), op(DW_OP_deref), op(DW_OP_lit24), op(DW_OP_minus), op(DW_OP_deref), op(DW_OP_plus)});
  EXPECT_EQ(place.address, Address{0x8030});
}

TEST_F(EvaluateRare, SkipsTheBytesABitPieceSaysToSkip) {
  const Place whole = run({op(DW_OP_breg7, 0), op(DW_OP_bit_piece, 32, 16)}, 4);
  ASSERT_EQ(whole.pieces.size(), 1U);
  EXPECT_EQ(whole.pieces[0].place.address, Address{0x7002});
  EXPECT_EQ(whole.pieces[0].place.size, 4U);
  const Place value =
      run({op(DW_OP_constu, 0x11223344), op(DW_OP_stack_value), op(DW_OP_bit_piece, 8, 16)}, 1);
  ASSERT_EQ(value.pieces.size(), 1U);
  EXPECT_EQ(value.pieces[0].place.value, std::vector<std::byte>{std::byte{0x22}});
}

TEST_F(EvaluateRare, KeepsWhatIsKnownBesideAPointerToNothing) {
  const Place place =
      run({op(DW_OP_implicit_pointer), op(DW_OP_piece, 8), op(DW_OP_reg0), op(DW_OP_piece, 8)}, 16);
  ASSERT_EQ(place.pieces.size(), 2U);
  EXPECT_EQ(place.pieces[0].place.why, Why::optimized_out);
  EXPECT_EQ(place.pieces[1].place.reg, Reg::rax);
}

TEST_F(EvaluateRare, FailsWholeWhereNoPieceIsLeftToSave) {
  EXPECT_EQ(run({op(DW_OP_reg0), op(DW_OP_piece, 8), op(DW_OP_plus)}, 16).why, Why::unsupported_expression);
  // A piece itself that is senseless.
  EXPECT_EQ(run({op(DW_OP_reg0), op(DW_OP_bit_piece, 3), op(DW_OP_piece, 8)}, 16).why,
            Why::unsupported_expression);
}

}  // namespace
}  // namespace situ
