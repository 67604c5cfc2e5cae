#include "decode/slots.h"

#include <gtest/gtest.h>

#include "support/article_recordings.h"

namespace situ {
namespace {

struct Slots : testing::Test {
  Slots() {
    article::begin(b);
    integer = b.i32();
    Step& called = b.step(Cause::call);
    called.line = 1;
    frame = b.push({.function = b.function("f", "/home/you/f.c", 1),
                    .cfa = article::main_cfa,
                    .return_address = 0x55555555b110,
                    .pushed = 0x20,
                    .size = 0x30,
                    .call_site = {}});
    b.recording.steps.back().frame = frame;
  }
  // "kind offset size" of each slot.
  std::vector<std::string> slots() {
    Decoder decoder(b.recording);
    const Moment moment = decoder.moment(b.now());
    std::vector<std::string> lines;
    for (const Slot& slot : moment.threads.at(0).frames.at(0).slots) {
      lines.push_back(std::string(slot_kind_name(slot.kind)) + " " + std::to_string(slot.offset) + " " +
                      std::to_string(slot.size) +
                      (slot.variables.size() > 1 ? " x" + std::to_string(slot.variables.size()) : ""));
    }
    return lines;
  }

  RecordingBuilder b;
  TypeId integer;
  FrameId frame;
};

TEST_F(Slots, WhatNobodyOwnsIsOtherAboveTheStackPointerAndRedZoneBelow) {
  b.recording.frames[frame.value].saved_registers.push_back({Reg::rbp, -16, {b.now(), {}}});
  b.variable(frame, {.name = "a", .type = integer, .cfa_offset = -0x14, .line = 2});
  b.variable(frame, {.name = "below", .type = integer, .cfa_offset = -0x2c, .line = 2});
  EXPECT_EQ(slots(),
            (std::vector<std::string>{"return_address -8 8", "saved_register -16 8", "local -20 4",
                                      "other -32 12", "red_zone -40 8", "local -44 4", "red_zone -48 4"}));
}

TEST_F(Slots, OverlappingVariablesShareASlot) {
  const TypeId wide = b.base("i64", 8, Encoding::signed_int);
  b.variable(frame, {.name = "a", .type = wide, .cfa_offset = -0x18, .line = 2});
  b.variable(frame, {.name = "b", .type = wide, .cfa_offset = -0x1c, .line = 3});
  EXPECT_EQ(slots(), (std::vector<std::string>{"return_address -8 8", "other -16 8", "local -28 12 x2",
                                               "other -32 4", "red_zone -48 16"}));
}

TEST_F(Slots, AVariableOfTheCallersFrameHasNoSlotHere) {
  b.variable(frame, {.name = "big",
                     .type = b.array(integer, 8),
                     .cfa_offset = 8,
                     .line = 1,
                     .kind = VariableKind::parameter});
  EXPECT_EQ(slots(), (std::vector<std::string>{"return_address -8 8", "other -32 24", "red_zone -48 16"}));
}

TEST_F(Slots, AVariableOfTheCompilersIsHiddenAndItsBytesAreOther) {
  const VariableId id = b.variable(frame, {.name = "iter", .type = integer, .cfa_offset = -0x28, .line = 2});
  b.recording.variables[id.value].compiler_made = true;
  EXPECT_EQ(slots(), (std::vector<std::string>{"return_address -8 8", "other -32 24", "red_zone -36 4",
                                               "other -40 4", "red_zone -48 8"}));
  Decoder decoder(b.recording);
  EXPECT_TRUE(decoder.moment(b.now()).threads.at(0).frames.at(0).variables.empty());
}

TEST_F(Slots, ASizeThatCannotBeTrueDoesNotBreakTheSum) {
  Type huge = b.blank("Huge", TypeKind::record, ~std::uint64_t{0} / 2);
  huge.fields = {b.field("a", 0, integer)};
  const TypeId type = b.type(huge);
  const VariableId id = b.variable(frame, {.name = "a", .type = integer, .cfa_offset = -0x10, .line = 2});
  b.recording.variables[id.value].type = type;
  EXPECT_EQ(slots(), (std::vector<std::string>{"return_address -8 8", "local -16 8", "other -32 16",
                                               "red_zone -48 16"}));
}

TEST_F(Slots, ASmallSlotThatHoldsTheMarkIsUninitialisedUntilItsLineHasPassedAndThenUnknown) {
  const VariableId id =
      b.variable(frame, {.name = "flag", .type = b.u8(), .cfa_offset = -0x11, .line = 2, .marked = true});
  const auto state = [&] {
    Decoder decoder(b.recording);
    const Moment moment = decoder.moment(b.now());
    EXPECT_EQ(moment.threads.at(0).frames.at(0).variables.at(0).id, id);
    return moment.threads.at(0).frames.at(0).variables.at(0).state;
  };
  b.line(2);
  EXPECT_EQ(state(), VariableState::uninitialised);
  b.line(3);
  EXPECT_EQ(state(), VariableState::unknown);  // it may have been given just that value
}

TEST_F(Slots, AVariableInARegisterAndOneInPiecesAreRead) {
  Frame& f = b.recording.frames[frame.value];
  f.registers.push_back({Reg::rbx, 41, {b.now(), {}}});
  const TypeId pair = b.record("Pair", 8, {b.field("a", 0, integer), b.field("b", 4, integer)});
  const VariableId in_register = b.variable(frame, {.name = "r", .type = integer, .line = 1});
  Place& place = b.recording.variables[in_register.value].places[0];
  place.kind = PlaceKind::reg;
  place.reg = Reg::rbx;
  place.address.reset();
  const VariableId in_pieces = b.variable(frame, {.name = "p", .type = pair, .line = 1});
  Place& whole = b.recording.variables[in_pieces.value].places[0];
  whole.kind = PlaceKind::pieces;
  whole.address.reset();
  Place low = place, high;
  low.size = 4;
  high.kind = PlaceKind::computed;
  high.size = 4;
  high.value = {std::byte{7}, std::byte{0}, std::byte{0}, std::byte{0}};
  whole.pieces = {{0, low}, {4, high}};
  Decoder decoder(b.recording);
  const Moment moment = decoder.moment(b.now());
  EXPECT_EQ(moment.threads[0].frames[0].variables[0].value.text, "41");
  EXPECT_EQ(moment.threads[0].frames[0].variables[1].value.text, "{a: 41, b: 7}");
}

}  // namespace
}  // namespace situ
