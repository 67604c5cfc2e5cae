#include <gtest/gtest.h>

#include "decode/moment.h"
#include "support/recording_builder.h"

namespace situ {
namespace {

// A static `counter` at 0x4000 that is 1 at step 0 and 2 from step 2 on.
struct StaticsTest : testing::Test {
  StaticsTest() {
    b.thread(1, "main", 0x7000, 0x9000);
    for (int i = 0; i < 4; ++i) b.step(Cause::line);
    add("later", 0x4010, 0);
    add("counter", 0x4000, 0);
    put(0, 0x4000, 1);
    put(0, 0x4010, 9);
    put(2, 0x4000, 2);
  }
  void add(std::string name, std::uint64_t address, StepIndex born) {
    Place place;
    place.kind = PlaceKind::static_data;
    place.address = Address{address};
    place.size = 4;
    place.life = {born, {}};
    b.recording.variables.push_back({.frame = {},
                                     .name = std::move(name),
                                     .type = b.i32(),
                                     .kind = VariableKind::static_data,
                                     .file = {},
                                     .places = {place},
                                     .in_scope = {},
                                     .life = {born, {}}});
  }
  void put(StepIndex step, std::uint64_t address, std::uint32_t value) {
    b.recording.memory.write(step, {address}, std::as_bytes(std::span(&value, 1)));
  }

  RecordingBuilder b;
};

TEST_F(StaticsTest, AreInAddressOrderWithTheirValues) {
  Decoder decoder(b.recording);
  const Moment moment = decoder.moment(1);
  ASSERT_EQ(moment.statics.size(), 2u);
  EXPECT_EQ(moment.statics[0].variable->name, "counter");
  EXPECT_EQ(moment.statics[0].value.text, "1");
  EXPECT_EQ(moment.statics[1].value.text, "9");
}

TEST_F(StaticsTest, AChangeIsSeenAtTheStepThatReadsIt) {
  Decoder decoder(b.recording);
  EXPECT_FALSE(decoder.moment(1).statics[0].changed);
  const Moment moment = decoder.moment(2);
  EXPECT_TRUE(moment.statics[0].changed);
  EXPECT_EQ(moment.statics[0].before, "1");
  EXPECT_EQ(moment.statics[0].value.text, "2");
  EXPECT_FALSE(decoder.moment(3).statics[0].changed);
}

TEST_F(StaticsTest, SteppingBackShowsTheOldValueAgain) {
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.moment(3).statics[0].value.text, "2");
  EXPECT_EQ(decoder.moment(1).statics[0].value.text, "1");
}

}  // namespace
}  // namespace situ
