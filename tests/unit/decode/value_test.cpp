#include "decode/value.h"

#include "decode/escape.h"
#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

using Values = DecodeTest;

TEST_F(Values, TuplesAndRecordsReadLikeTheirLanguage) {
  const TypeId i32 = b.i32(), f64 = b.base("f64", 8, Encoding::floating);
  memory.put(here, 2.5);
  memory.put(here + 8, std::int32_t{1});
  // The compiler ordered the fields by size; the tuple's own order is shown.
  const TypeId tuple = b.record("(i32, f64)", 16, {b.field("__1", 0, f64), b.field("__0", 8, i32)});
  memory.put(here + 12, 0);
  EXPECT_EQ(at_here(tuple).text, "(1, 2.5)");
  EXPECT_EQ(at_here(b.record("geo::Meters", 8, {b.field("__0", 0, f64)})).text, "Meters(2.5)");
  EXPECT_EQ(at_here(b.record("Point", 16, {b.field("x", 0, f64), b.field("n", 8, i32)})).text,
            "{x: 2.5, n: 1}");
  EXPECT_EQ(at_here(b.base("()", 0, Encoding::unsigned_int)).kind, ValueKind::unit);
}

TEST_F(Values, AUnionShowsAllItsReadings) {
  Type both = b.blank("Both", TypeKind::union_type, 4);
  both.fields = {b.field("i", 0, b.i32()), b.field("f", 0, b.base("f32", 4, Encoding::floating))};
  EXPECT_EQ(of(b.type(both), 1.0f).text, "{i: 1065353216, f: 1.0}");
}

TEST_F(Values, ABaseClassIsAPartWithItsName) {
  b.language = Language::cpp;
  const TypeId base = b.record("zoo::Animal", 4, {b.field("legs", 0, b.i32())});
  Field as_base = b.field("", 0, base);
  as_base.base_class = true;
  memory.put(here, std::array<std::int32_t, 2>{4, 9});
  EXPECT_EQ(at_here(b.record("Dog", 8, {as_base, b.field("age", 4, b.i32())})).text,
            "{Animal: {legs: 4}, age: 9}");
}

TEST_F(Values, ALongArrayIsCutVisibly) {
  std::array<std::int32_t, 100> numbers{};
  for (int i = 0; i < 100; ++i) numbers[static_cast<std::size_t>(i)] = i;
  memory.put(here, numbers);
  const Value value = at_here(b.array(b.i32(), 100));
  EXPECT_TRUE(value.cut);
  EXPECT_EQ(value.length, 100u);
  ASSERT_EQ(value.elements.size(), 25u);
  EXPECT_EQ(value.elements[10].text, "47");
  EXPECT_EQ(value.indexes[24], 99u);
  EXPECT_EQ(value.text,
            "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 37 skipped …, 47, 48, 49, 50, 51, … 38 skipped …, 90, 91, 92, "
            "93, 94, 95, 96, 97, 98, 99]");
}

TEST_F(Values, BytesThatAreNotKnownAreUnavailableEachForItself) {
  memory.put(here, std::int32_t{7});
  const Value value = at_here(b.record("Pair", 8, {b.field("a", 0, b.i32()), b.field("b", 4, b.i32())}));
  EXPECT_EQ(value.text, "{a: 7, b: <not captured>}");
  EXPECT_EQ(value.fields[1].value.why, Why::unreadable);
}

TEST_F(Values, LeavesThatHoldTheMarkWereNeverWritten) {
  for (std::uint64_t i = 0; i < 12; ++i) memory.put(here + i, b.recording.mark.at(Address{here + i}));
  memory.put(here, std::int32_t{7});
  const TypeId pair = b.record("Pair", 8, {b.field("a", 0, b.i32()), b.field("b", 4, b.i32())});
  const std::vector<AddressRange> marked = {{Address{here}, Address{here + 12}}};
  Value value = at_here(pair, {}, marked);
  EXPECT_EQ(value.text, "{a: 7, b: <uninitialised>}");
  EXPECT_FALSE(value.unwritten);
  EXPECT_TRUE(value.fields[1].value.unwritten);
  EXPECT_NE(at_here(pair).text, value.text);  // outside a marked range the pattern is a value
}

TEST_F(Values, AValueThatHoldsTheMarkThroughoutIsUnwrittenInAllItsParts) {
  for (std::uint64_t i = 0; i < 8; ++i) memory.put(here + i, b.recording.mark.at(Address{here + i}));
  const std::vector<AddressRange> marked = {{Address{here}, Address{here + 8}}};
  const Value value =
      at_here(b.record("Mixed", 8, {b.field("n", 0, b.i32()), b.field("small", 4, b.u8())}), {}, marked);
  EXPECT_TRUE(value.unwritten);
  EXPECT_EQ(value.text, "{n: <uninitialised>, small: <uninitialised>}");
}

TEST_F(Values, CStringsAreShownBesideTheirAddress) {
  b.language = Language::c;
  const TypeId text = b.pointer("char *", b.base("char", 1, Encoding::character));
  memory.put_text(there, std::string_view("hi\n\0", 4));
  EXPECT_EQ(of(text, there).text, "0x2000 \"hi\\n\"");
  EXPECT_EQ(of(text, std::uint64_t{0}).text, "null");
  EXPECT_EQ(of(text, std::uint64_t{0x9999}).text, "0x9999");
}

TEST_F(Values, ACharArrayIsTextAsFarAsItsEnd) {
  b.language = Language::c;
  const TypeId buffer = b.array(b.base("char", 1, Encoding::character), 8);
  memory.put_text(here, std::string_view("hi\0\0\0\0\0\0", 8));
  const Value value = at_here(buffer);
  EXPECT_EQ(value.text, "\"hi\"");
  EXPECT_EQ(value.length, 2u);
  EXPECT_EQ(value.capacity, 8u);
}

TEST_F(Values, HostileNamesAndBytesNeverReachTheTerminalRaw) {
  const std::string bad = "\x1b[2J\x07 \xff \xe2\x80\xae evil \xc2\x9b";
  const std::string shown = quoted(std::as_bytes(std::span(bad)));
  EXPECT_EQ(shown, R"("\x1b[2J\x07 \xff \u{202e} evil \u{9b}")");
  EXPECT_EQ(printable("x\x1by"), "x\\x1by");
  EXPECT_EQ(printable("na\"me"), "na\"me");
  const TypeId record = b.record("R", 4, {b.field("f\x1b[31m", 0, b.i32())});
  EXPECT_EQ(of(record, std::int32_t{1}).text, "{f\\x1b[31m: 1}");
}

TEST_F(Values, TypesThatContainThemselvesEnd) {
  TypeId self = b.record("Loop", 8, {});
  b.recording.types[self.value].fields = {b.field("again", 0, self)};
  const Value value = of(self, std::uint64_t{1});
  EXPECT_NE(value.text.find("…"), std::string::npos);
}

TEST_F(Values, AWideAndDeepValueStopsAtItsPartsLimit) {
  TypeId type = b.u8();
  for (int i = 0; i < 7; ++i) type = b.array(type, 20);
  memory.put(here, 0);
  const Value value = decode_value({}, type, {b.recording, memory, Address{here}, {}, {}});
  EXPECT_LT(value.text.size(), 200'000u);
}

}  // namespace
}  // namespace situ
