#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/text.h"
#include "text_moments.h"

namespace situ {
namespace {

using testing::HasSubstr;
using testing::Not;
using MB = MomentBuilder;

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int v : values) bytes.push_back(static_cast<std::byte>(v));
  return bytes;
}

// main holds p, a struct of a byte and an int with three bytes of padding between them; a block of 12 bytes
// holds an int of known type.
struct BytesView : testing::Test {
  BytesView() {
    const TypeId byte = b.type("u8"), number = b.type("i32"), point = b.type("Point");
    b.recording.types[byte.value].size = 1;
    b.recording.types[number.value].size = 4;
    b.recording.types[number.value].kind = b.recording.types[byte.value].kind = TypeKind::base;
    Type& record = b.recording.types[point.value];
    record.kind = TypeKind::record;
    record.size = 8;
    Field x, n;
    x.name = "x";
    x.type = byte;
    n.name = "n";
    n.offset = 4;
    n.type = number;
    record.fields = {x, n};

    auto& main = b.frame({.title = "main", .cfa = 0x7fffffffe4e0, .size = 0x20, .innermost = true});
    MB::slot(main, -0x8, 8, SlotKind::return_address);
    auto& p = b.variable(main, "p", "Point", -0x10, 8, MB::scalar("{x: 1, n: 7}", ValueKind::record));
    p.bytes = bytes_of({1, 0xaa, 0xbb, 0xcc, 7, 0, 0, 0});
    place.kind = PlaceKind::stack;
    place.address = Address{0x7fffffffe4d0};
    p.place = &place;
    b.block(0x5555555b5d60, 12, "i32", MB::scalar("5"));
    b.moment.blocks[0].bytes = bytes_of({5, 0, 0, 0, 0x11, 0x22});
    const auto header = bytes_of({0x21, 0, 0, 0, 0, 0, 0, 0});
    b.recording.memory.write(0, {0x5555555b5d58}, header);
    b.finish(3, Cause::line, "main");
  }

  std::string drawn(bool bytes) {
    TextOptions options;
    options.width = 120;
    options.ascii = true;
    options.bytes = bytes;
    return picture(b.recording, b.moment, options);
  }

  MomentBuilder b;
  Place place;
};

TEST_F(BytesView, TellsWhatEachByteOfAVariableBelongsTo) {
  const std::string text = drawn(true);
  EXPECT_THAT(text, HasSubstr("+0  .x"));
  EXPECT_THAT(text, HasSubstr("+1  padding"));
  EXPECT_THAT(text, HasSubstr("aa bb cc"));
  EXPECT_THAT(text, HasSubstr("+4  .n"));
  EXPECT_THAT(text, HasSubstr("07 00 00 00"));
}

TEST_F(BytesView, ShowsTheHeaderBeforeABlockAndTheSlackBehindIt) {
  const std::string text = drawn(true);
  EXPECT_THAT(text, HasSubstr("-8 chunk"));
  EXPECT_THAT(text, HasSubstr("21000000 00000000"));
  EXPECT_THAT(text, HasSubstr("+12 slack"));
  EXPECT_THAT(text, HasSubstr("12 B the allocator's"));
}

TEST_F(BytesView, BytesThatWereNotReadAreQuestionMarks) {
  EXPECT_THAT(drawn(true), HasSubstr("1122???? ????????"));
}

TEST_F(BytesView, IsOnlyShownWhenAskedFor) {
  EXPECT_THAT(drawn(false), Not(HasSubstr("padding\n")));
  EXPECT_THAT(drawn(false), Not(HasSubstr("aa bb cc")));
  EXPECT_THAT(drawn(false), Not(HasSubstr("slack")));
}

}  // namespace
}  // namespace situ
