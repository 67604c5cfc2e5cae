#include "inspect/places.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

constexpr std::uint8_t reg_rsp = 0x57, reg_rbx = 0x53, breg_rsp = 0x77, breg_rdi = 0x75, fbreg = 0x91,
                       call_frame_cfa = 0x9c, deref = 0x06;
constexpr std::uint64_t bias = 0x400000;

LocationOp op(std::uint8_t atom, std::int64_t number = 0) {
  LocationOp result;
  result.atom = atom;
  result.number = static_cast<std::uint64_t>(number);
  return result;
}

FileRange range(std::uint64_t low, std::uint64_t high) {
  return {{low}, {high}};
}

// A function at [0x100, 0x200) with one block [0x140, 0x180), asked about a caller's frame whose return
// address is 0x150: CFA 0x8040, rsp 0x8000.
class Places : public testing::Test {
 protected:
  Places() {
    module_.bias = bias;
    function_.ranges = {range(0x100, 0x200)};
    function_.frame_base = {op(call_frame_cfa)};
    function_.scopes.resize(2);
    function_.scopes[0].ranges = function_.ranges;
    function_.scopes[1].ranges = {range(0x140, 0x180)};
    frame_.registers.set(Reg::rip, bias + 0x150);
    frame_.registers.set(Reg::rsp, 0x8000);
    frame_.cfa = {0x8040};
    types_.resize(2);
    types_[0].size = 24;
    types_[1].kind = TypeKind::alias;
    types_[1].target = TypeId{0};
  }

  VariableInfo& add(std::uint32_t scope, std::vector<LocationEntry> locations) {
    VariableInfo variable;
    variable.type = TypeId{1};
    variable.scope = scope;
    variable.locations = std::move(locations);
    function_.variables.push_back(std::move(variable));
    return function_.variables.back();
  }
  std::vector<ResolvedPlace> resolve() const {
    PlaceQuery query;
    query.function = &function_;
    query.module = &module_;
    query.frame = &frame_;
    query.memory = &memory_;
    return resolve_places(query, types_);
  }
  // The place of the only variable.
  Place only() const {
    const auto places = resolve();
    return places.size() == 1 ? places[0].place : Place{};
  }

  LoadedModule module_;
  FunctionInfo function_;
  RawFrame frame_;
  MemoryParts memory_;
  std::vector<Type> types_;
};

TEST_F(Places, AStackPlaceIsRelativeToTheCfaAndHasTheSizeOfItsType) {
  add(0, {{std::nullopt, {op(fbreg, -40)}}});
  const Place place = only();
  EXPECT_EQ(place.kind, PlaceKind::stack);
  EXPECT_EQ(place.address, Address{0x8018});
  EXPECT_EQ(place.cfa_offset, -40);
  EXPECT_EQ(place.size, 24u);
}

TEST_F(Places, AFrameBaseThatIsRspIsThisFramesRsp) {
  function_.frame_base = {op(reg_rsp)};
  add(0, {{std::nullopt, {op(fbreg, 16)}}});
  EXPECT_EQ(only().address, Address{0x8010});
  EXPECT_EQ(only().cfa_offset, -0x30);
}

TEST_F(Places, AFrameBaseOfSeveralOperationsIsWorkedOut) {
  function_.frame_base = {op(call_frame_cfa), op(0x11, -8), op(0x22)};  // consts, plus
  add(0, {{std::nullopt, {op(fbreg, -8)}}});
  EXPECT_EQ(only().kind, PlaceKind::stack);
  EXPECT_EQ(only().address, Address{0x8030});
}

TEST_F(Places, AParameterPassedByReferenceIsWhereItsPointerPoints) {
  memory_.put_words({0x8008}, {0x9100});
  add(0, {{std::nullopt, {op(breg_rsp, 8), op(deref)}}});
  EXPECT_EQ(only().kind, PlaceKind::memory);
  EXPECT_EQ(only().address, Address{0x9100});
}

TEST_F(Places, AnUnreadablePointerIsNowhereWithItsReason) {
  add(0, {{std::nullopt, {op(breg_rsp, 8), op(deref)}}});
  EXPECT_EQ(only().kind, PlaceKind::nowhere);
  EXPECT_EQ(only().why, Why::unreadable);
}

TEST_F(Places, TheEntryThatCoversTheCallNotTheReturnAddressIsTaken) {
  add(0, {{range(0x100, 0x150), {op(fbreg, -16)}}, {range(0x150, 0x200), {op(fbreg, -32)}}});
  EXPECT_EQ(only().cfa_offset, -16);
  frame_.exact_pc = true;
  EXPECT_EQ(only().cfa_offset, -32);
}

TEST_F(Places, InAHoleOfUnoptimisedCodeTheVariableIsLeftOut) {
  add(0, {{range(0x100, 0x120), {op(fbreg, -16)}}});
  EXPECT_TRUE(resolve().empty());
}

TEST_F(Places, InAHoleOfOptimisedCodeItIsNotInScopeHere) {
  function_.optimised = true;
  add(0, {{range(0x100, 0x120), {op(fbreg, -16)}}});
  EXPECT_EQ(only().kind, PlaceKind::nowhere);
  EXPECT_EQ(only().why, Why::not_in_scope_here);
}

TEST_F(Places, WithoutAnyLocationItIsOptimizedOut) {
  add(0, {});
  EXPECT_EQ(only().why, Why::optimized_out);
  EXPECT_EQ(only().size, 24u);
}

TEST_F(Places, ARegisterThatWasNotKeptForACallerIsOptimizedOut) {
  add(0, {{std::nullopt, {op(reg_rbx)}}});
  EXPECT_EQ(only().kind, PlaceKind::nowhere);
  EXPECT_EQ(only().why, Why::optimized_out);
  frame_.registers.set(Reg::rbx, 5);
  EXPECT_EQ(only().kind, PlaceKind::reg);
  EXPECT_EQ(only().reg, Reg::rbx);
}

TEST_F(Places, AnEntryValueWithoutTheEntrysRegistersIsUnknown) {
  LocationOp entry_value = op(0xa3);
  entry_value.nested = {op(reg_rbx)};
  add(0, {{std::nullopt, {entry_value, op(0x9f)}}});  // stack_value
  EXPECT_EQ(only().kind, PlaceKind::nowhere);
  EXPECT_EQ(only().why, Why::entry_value_unknown);
}

TEST_F(Places, APieceInALostRegisterDoesNotLoseTheOtherPieces) {
  LocationOp piece = op(0x93, 8);
  add(0, {{std::nullopt, {op(reg_rbx), piece, op(fbreg, -16), piece}}});
  EXPECT_EQ(only().kind, PlaceKind::pieces);
}

TEST_F(Places, AnAddressFromARegisterOtherThanTheStackPointersIsMemory) {
  frame_.registers.set(Reg::rdi, 0x9000);
  add(0, {{std::nullopt, {op(breg_rdi, 8)}}});
  EXPECT_EQ(only().kind, PlaceKind::memory);
  EXPECT_EQ(only().address, Address{0x9008});
}

TEST_F(Places, ABlocksVariableIsInScopeInItsRangesOnly) {
  add(1, {{std::nullopt, {op(fbreg, -16)}}});
  EXPECT_TRUE(resolve().at(0).in_scope);
  frame_.registers.set(Reg::rip, bias + 0x190);
  EXPECT_FALSE(resolve().at(0).in_scope) << "out of scope, and its slot still there";
}

TEST_F(Places, AnInlinedFunctionThatIsNotActiveHasNoVariables) {
  function_.scopes[1].inlined = true;
  function_.scopes.push_back({});
  function_.scopes[2].parent = 1;
  function_.scopes[2].ranges = {range(0x100, 0x200)};
  add(2, {{std::nullopt, {op(fbreg, -16)}}});
  EXPECT_EQ(resolve().size(), 1u);
  frame_.registers.set(Reg::rip, bias + 0x190);
  EXPECT_TRUE(resolve().empty());
}

TEST_F(Places, AThreadLocalNeedsTheThreadPointer) {
  module_.tls_offset = 0x40;
  add(0, {{std::nullopt, {op(0x0e, 8), op(0x9b)}}});  // const8u, form_tls_address
  EXPECT_EQ(only().kind, PlaceKind::nowhere);
  PlaceQuery query;
  query.function = &function_;
  query.module = &module_;
  query.frame = &frame_;
  query.memory = &memory_;
  query.thread_pointer = Address{0x7000};
  const Place place = resolve_places(query, types_).at(0).place;
  EXPECT_EQ(place.kind, PlaceKind::thread_local_data);
  EXPECT_EQ(place.address, Address{0x7000 - 0x40 + 8});
}

TEST_F(Places, AnArrayWhoseTypeDoesNotSayItsLengthHasThatOfTheFrame) {
  types_.resize(4);
  types_[2].kind = TypeKind::array;
  types_[2].element = TypeId{3};
  types_[3].size = 4;
  VariableInfo& array = add(0, {{std::nullopt, {op(fbreg, -32), op(deref)}}});
  array.type = TypeId{2};
  array.count = ElementCount{{{std::nullopt, {op(fbreg, -40), op(deref)}}}, std::nullopt, true};
  memory_.put_words({0x8020}, {0x7000});
  memory_.put_words({0x8018}, {6});
  EXPECT_EQ(only().address, Address{0x7000});
  EXPECT_EQ(only().count, 7U) << "6 is the last one's index";
  EXPECT_EQ(only().size, 28U);
  function_.variables[0].count = ElementCount{{{std::nullopt, {op(fbreg, -40)}}}, 8, false};
  EXPECT_EQ(only().count, 6U);
  memory_.put_words({0x8018}, {~std::uint64_t{0} / 2});
  EXPECT_EQ(only().count, std::nullopt) << "nothing was written there yet";
}

TEST_F(Places, AVectorRegisterIsKnownOfTheInnermostFrameOnly) {
  function_.optimised = true;
  add(0, {{range(0x140, 0x160), {op(0x61)}}});  // DW_OP_reg17, xmm0
  EXPECT_EQ(only().why, Why::optimized_out);
  PlaceQuery query;
  query.function = &function_;
  query.module = &module_;
  query.frame = &frame_;
  EXPECT_TRUE(needs_vectors(query));
  const VectorRegisters vectors{};
  query.vectors = &vectors;
  EXPECT_EQ(resolve_places(query, types_).at(0).place.reg, Reg::xmm0);
  frame_.registers.set(Reg::rip, bias + 0x190);
  EXPECT_FALSE(needs_vectors(query)) << "it is not there here";
}

TEST(SizeOf, AnAliasOfItselfHasNoSize) {
  std::vector<Type> types(1);
  types[0].kind = TypeKind::alias;
  types[0].target = TypeId{0};
  EXPECT_EQ(size_of(TypeId{0}, types), std::nullopt);
}

}  // namespace
}  // namespace situ
