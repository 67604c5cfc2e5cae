#include <array>

#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

struct CppValues : DecodeTest {
  CppValues() { b.language = Language::cpp; }

  // Animal {vptr, legs}; Dog : Animal {tricks}.
  TypeId animal() {
    Field vptr = b.field("_vptr.Animal", 0, b.usize());
    vptr.artificial = true;
    return b.record("Animal", 16, {vptr, b.field("legs", 8, b.i32())});
  }
  TypeId derived(const std::string& name, TypeId base, std::uint64_t offset) {
    Field inherited = b.field(b.recording.at(base).name, offset, base);
    inherited.base_class = true;
    return b.record(name, 32, {inherited, b.field("tricks", 24, b.i32())});
  }
  void vtable(std::uint64_t at, const std::string& of) {
    b.recording.symbols.push_back({{at}, 64, "vtable for " + of, SymbolKind::vtable});
  }
};

TEST_F(CppValues, AnObjectSeenThroughItsBaseIsShownAsWhatItIs) {
  const TypeId base = animal();
  derived("Dog", base, 0);
  vtable(0x9000, "Dog");
  memory.put(here, std::array<std::uint64_t, 4>{0x9010, 4, 0, 3});
  const Value value = at_here(base);
  EXPECT_TRUE(value.text.starts_with("Dog (as Animal) {")) << value.text;
  EXPECT_NE(value.text.find("tricks: 3"), std::string::npos) << value.text;
  EXPECT_EQ(value.text.find("(as Animal)", 8), std::string::npos) << value.text;
}

TEST_F(CppValues, AVirtualBaseLiesWhereTheVtableSays) {
  Field vptr = b.field("_vptr.Far", 0, b.usize());
  vptr.artificial = true;
  const TypeId far = b.record("Far", 16, {vptr, b.field("far", 8, b.i32())});
  vptr.name = "_vptr.Mid";
  const TypeId mid = b.record("Mid", 32, {vptr, b.field("mid", 8, b.i32())});
  b.recording.types[mid.value].virtual_bases = {{far, -24}};
  vtable(0x9000, "Mid");
  // Offset of Far, offset to top, type information, a function; the same for Far in Mid.
  memory.put(0x9000, std::array<std::int64_t, 7>{16, 0, 0, 0x5000, -16, 0, 0x5000});
  memory.put(here, std::array<std::uint64_t, 4>{0x9018, 2, 0x9030, 1});
  EXPECT_NE(at_here(mid).text.find("mid: 2, Far: {"), std::string::npos) << at_here(mid).text;
  EXPECT_NE(at_here(mid).text.find("far: 1}"), std::string::npos) << at_here(mid).text;

  // Seen through its virtual base, which says how far its top is.
  memory.put(here + 16, std::array<std::uint64_t, 2>{0x9030, 1});
  const Value seen = decode_value({}, far, {b.recording, memory, Address{here + 16}, {}, {}});
  EXPECT_TRUE(seen.text.starts_with("Mid (as Far) {")) << seen.text;
  EXPECT_NE(seen.text.find("mid: 2"), std::string::npos) << seen.text;
}

TEST_F(CppValues, TheObjectMayBeginBeforeItsBase) {
  const TypeId base = animal();
  derived("Dog", base, 8);
  vtable(0x9000, "Dog");
  memory.put(here - 8, std::array<std::uint64_t, 4>{0, 0x9030, 4, 9});
  EXPECT_NE(at_here(base).text.find("tricks: 9"), std::string::npos);
}

TEST_F(CppValues, AnObjectUnderConstructionIsNotMoreThanItsVtableSays) {
  const TypeId dog = derived("Dog", animal(), 0);
  vtable(0x9000, "Animal");
  memory.put(here, std::array<std::uint64_t, 4>{0x9010, 4, 0, 3});
  EXPECT_EQ(at_here(dog).text.find("(as"), std::string::npos);
}

TEST_F(CppValues, AClassOfAnotherNameIsNotTakenForADerivedOne) {
  const TypeId base = animal();
  b.record("Stone", 16, {b.field("weight", 0, b.i32())});
  vtable(0x9000, "Stone");
  memory.put(here, std::array<std::uint64_t, 4>{0x9010, 4, 0, 3});
  EXPECT_EQ(at_here(base).text.find("Stone ("), std::string::npos);
}

TEST_F(CppValues, AUnionShowsAllItsMembersAndSaysThatItIsOne) {
  Type either = b.blank("Either", TypeKind::union_type, 4);
  either.fields = {b.field("number", 0, b.i32()), b.field("small", 0, b.u8())};
  EXPECT_EQ(of(b.type(either), std::int32_t{257}).text, "union {number: 257, small: 1}");
}

TEST_F(CppValues, WideTextIsTextWithWhatIsHostileEscaped) {
  const TypeId wide = b.base("wchar_t", 4, Encoding::signed_int);
  const TypeId type = b.array(wide, 6);
  EXPECT_EQ(of(type, std::array<char32_t, 6>{U'h', U'\x1b', U'"', U'\u202e', 0, U'x'}).text,
            "\"h\\x1b\\\"\\u{202e}\"");
  const TypeId sixteen = b.array(b.base("char16_t", 2, Encoding::utf), 4);
  EXPECT_EQ(of(sixteen, std::array<char16_t, 4>{u'\xd83d', u'\xde00', u'\xd800', 0}).text,
            "\"\xF0\x9F\x98\x80\\u{d800}\"");
}

TEST_F(CppValues, AWideStringIsText) {
  const TypeId wide = b.base("wchar_t", 4, Encoding::signed_int);
  const TypeId type =
      b.record("std::__cxx11::basic_string<wchar_t, std::char_traits<wchar_t> >", 32,
               {b.field("_M_p", 0, b.pointer("wchar_t *", wide)), b.field("_M_string_length", 8, b.usize()),
                b.field("_M_local_buf", 16, b.array(wide, 4))},
               {{"_CharT", wide}});
  memory.put(here, std::array<std::uint64_t, 2>{here + 16, 3});
  memory.put(here + 16, std::array<char32_t, 4>{U'h', 0, U'\u00e4', 0});
  const Value value = at_here(type);
  EXPECT_EQ(value.text, "\"h\\0\u00e4\"");
  EXPECT_EQ(value.length, 3u);
  EXPECT_EQ(value.capacity, 3u);
}

TEST_F(CppValues, ABufferWithTextBehindItsNulShowsBoth) {
  const TypeId type = b.array(b.base("char", 1, Encoding::character), 8);
  EXPECT_EQ(of(type, std::array<char, 8>{'a', 0, 'b', 0, 0, 0, 0, 0}).text, "\"a\\0b\"");
  EXPECT_EQ(of(type, std::array<char, 8>{'a', 0, '\x7f', '\x01', 0, 0, 0, 0}).text, "\"a\"");
}

TEST_F(CppValues, AMemberPointerNamesTheMember) {
  b.record("Point", 8, {b.field("x", 0, b.i32()), b.field("y", 4, b.i32())});
  const TypeId type = b.type(RecordingBuilder::blank("int Point::*", TypeKind::member_pointer, 8));
  EXPECT_EQ(of(type, std::uint64_t{4}).text, "&Point::y (offset 4)");
  EXPECT_EQ(of(type, ~std::uint64_t{0}).text, "null");
  EXPECT_EQ(of(type, std::uint64_t{2}).text, "offset 2");
}

TEST_F(CppValues, AMemberFunctionPointerNamesTheFunctionOrItsPlaceInTheVtable) {
  b.recording.symbols.push_back({{0x9000}, 16, "Point::length", SymbolKind::function});
  const TypeId type = b.type(RecordingBuilder::blank("int (Point::*)()", TypeKind::member_pointer, 16));
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{0x9000, 0}).text, "0x9000 <Point::length>");
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{17, 8}).text, "virtual function 2 of the vtable (this+8)");
  EXPECT_EQ(of(type, std::array<std::uint64_t, 2>{0, 0}).text, "null");
}

TEST_F(CppValues, AComplexNumberIsItsParts) {
  const TypeId type = b.base("complex double", 16, Encoding::none);
  EXPECT_EQ(of(type, std::array<double, 2>{1, -2}).text, "1.0-2.0i");
  const TypeId large = b.base("complex long double", 32, Encoding::none);
  EXPECT_EQ(of(large, std::array<long double, 2>{0.5L, 3}).text, "0.5+3.0i");
}

TEST_F(CppValues, AHalfIsANumber) {
  const TypeId type = b.base("_Float16", 2, Encoding::floating);
  EXPECT_EQ(of(type, std::uint16_t{0x3e00}).text, "1.5");
  EXPECT_EQ(of(type, std::uint16_t{0xfc00}).text, "-inf");
  EXPECT_EQ(of(type, std::uint16_t{0x0001}).floating, 0x1p-24);
}

TEST_F(CppValues, AnArrayOfUnknownLengthIsMarkedAsCut) {
  Type open = b.blank("int[]", TypeKind::array, std::nullopt);
  open.element = b.i32();
  const Value value = at_here(b.type(open));
  EXPECT_EQ(value.text, "[…]");
  EXPECT_TRUE(value.cut);
}

TEST_F(CppValues, ALambdaIsWhatItCaptured) {
  const TypeId type = b.record("", 4, {b.field("__seven", 0, b.i32())});
  EXPECT_EQ(of(type, std::int32_t{7}).text, "{seven: 7}");
}

}  // namespace
}  // namespace situ
