#include "decode/byte_map.h"

#include <fmt/format.h>

#include "decode_fixture.h"

namespace situ {
namespace {

struct ByteMapTest : DecodeTest {
  // "0+4 .x, 4+4 padding": offset+size and path of each part.
  std::string map(TypeId type, std::size_t limit = 25) {
    std::string text;
    for (const BytePart& part : byte_map(b.recording, type, Bytes({}, Address{here}, memory), limit)) {
      const std::string what = part.padding ? "padding" : part.skipped ? "skipped" : part.path;
      text += fmt::format("{}{}+{} {}", text.empty() ? "" : ", ", part.offset, part.size, what);
    }
    return text;
  }
};

TEST_F(ByteMapTest, FieldsAndTheHolesBetweenThemAddUp) {
  const TypeId type = b.record("P", 16, {b.field("y", 8, b.i32()), b.field("x", 0, b.u8())});
  EXPECT_EQ(map(type), "0+1 .x, 1+7 padding, 8+4 .y, 12+4 padding");
}

TEST_F(ByteMapTest, RecordsInRecordsAreToldDownToTheScalars) {
  const TypeId inner = b.record("In", 8, {b.field("a", 0, b.i32()), b.field("b", 4, b.u8())});
  const TypeId type = b.record("Out", 16, {b.field("in", 0, inner), b.field("n", 8, b.usize())});
  EXPECT_EQ(map(type), "0+4 .in.a, 4+1 .in.b, 5+3 padding, 8+8 .n");
}

TEST_F(ByteMapTest, LongArraysAreCutVisibly) {
  EXPECT_EQ(map(b.array(b.i32(), 100), 5),
            "0+4 [0], 4+4 [1], 8+188 skipped, 196+4 [49], 200+192 skipped, 392+4 [98], 396+4 [99]");
}

TEST_F(ByteMapTest, AShortArrayOfBytesIsOnePart) {
  EXPECT_EQ(map(b.array(b.u8(), 12)), "0+12 ");
}

TEST_F(ByteMapTest, MembersOfAUnionAreOnePart) {
  Type made = RecordingBuilder::blank("U", TypeKind::union_type, 8);
  made.fields = {b.field("f", 0, b.i32()), b.field("n", 0, b.usize())};
  EXPECT_EQ(map(b.record("S", 16, {b.field("u", 8, b.type(made))})), "0+8 padding, 8+8 .u.(f|n)");
}

TEST_F(ByteMapTest, BitFieldsThatShareAByteAreOnePart) {
  Field low = b.field("low", 0, b.i32()), high = b.field("high", 0, b.i32());
  low.bit_size = 3;
  high.bit_size = 5;
  high.bit_position = 3;
  EXPECT_EQ(map(b.record("Bits", 4, {low, high})), "0+1 .low:3 .high:5, 1+3 padding");
}

TEST_F(ByteMapTest, OfAnEnumTheActiveVariantsFieldsAreTold) {
  const TypeId payload = b.record("Some", 8, {b.field("__0", 4, b.i32())});
  Type made = RecordingBuilder::blank("Option<i32>", TypeKind::choice, 8);
  made.discriminant = b.field("", 0, b.i32());
  const TypeId none = b.record("None", 8, {});
  made.variants = {{"None", UInt128{0}, none, 0}, {"Some", UInt128{1}, payload, 0}};
  const TypeId type = b.type(made);
  memory.put(here, std::uint64_t{0x0000'0007'0000'0001});
  EXPECT_EQ(map(type), "0+4  discriminant, 4+4 .Some.__0");
  memory.put(here, std::uint64_t{0});
  EXPECT_EQ(map(type), "0+4  discriminant, 4+4 padding");
}

TEST_F(ByteMapTest, ATypeThatHoldsItselfEnds) {
  const TypeId type = b.record("Loop", 8, {});
  b.recording.types[type.value].fields = {b.field("again", 0, type)};
  EXPECT_FALSE(map(type).empty());
}

}  // namespace
}  // namespace situ
