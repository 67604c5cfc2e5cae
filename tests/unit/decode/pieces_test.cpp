#include "unit/decode/one_frame_fixture.h"

namespace situ {
namespace {

struct Pieces : OneFrame {
  Pieces() { begin("struct Triple { a, b, c }\n"); }

  static Place number(std::uint8_t value) {
    Place place;
    place.kind = PlaceKind::computed;
    place.size = 4;
    place.value = {std::byte{value}, std::byte{0}, std::byte{0}, std::byte{0}};
    return place;
  }
  static Place gone() {
    Place place;
    place.why = Why::optimized_out;
    place.size = 4;
    return place;
  }
  VariableView triple(const Place& first, const Place& second, const Place& third) {
    const TypeId type = b.record(
        "Triple", 12, {b.field("a", 0, integer), b.field("b", 4, integer), b.field("c", 8, integer)});
    const VariableId id = local("t", type, -0x20);
    Place& whole = b.recording.variables[id.value].places[0];
    whole.kind = PlaceKind::pieces;
    whole.address.reset();
    whole.pieces = {{0, first}, {4, second}, {8, third}};
    line(2);
    return view_of(id);
  }
};

TEST_F(Pieces, WhatStandsBehindAPieceThatIsNowhereIsStillKnown) {
  EXPECT_EQ(triple(number(1), gone(), number(3)).value.text, "{a: 1, b: <optimized out>, c: 3}");
}

TEST_F(Pieces, TheFirstMayBeTheOneThatIsNowhere) {
  const VariableView view = triple(gone(), number(2), number(3));
  EXPECT_EQ(view.value.text, "{a: <optimized out>, b: 2, c: 3}");
  EXPECT_EQ(view.state, VariableState::live);
}

TEST_F(Pieces, AllNowhereIsUnknown) {
  EXPECT_EQ(triple(gone(), gone(), gone()).state, VariableState::unknown);
}

}  // namespace
}  // namespace situ
