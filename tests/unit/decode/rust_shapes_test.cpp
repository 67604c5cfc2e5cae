#include <array>

#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

struct RustShapes : DecodeTest {
  // Vec<i32> as 1.95 describes it: cap, pointer to u8 and length behind several wrappers.
  TypeId vec_195(TypeId element) {
    const TypeId byte_pointer = b.pointer("*const u8", b.u8());
    const TypeId non_null =
        b.record("core::ptr::non_null::NonNull<u8>", 8, {b.field("pointer", 0, byte_pointer)});
    const TypeId unique = b.record("core::ptr::unique::Unique<u8>", 8, {b.field("pointer", 0, non_null)});
    const TypeId cap = b.record("core::num::niche_types::UsizeNoHighBit", 8, {b.field("__0", 0, b.usize())});
    const TypeId inner =
        b.record("alloc::raw_vec::RawVecInner", 16, {b.field("ptr", 8, unique), b.field("cap", 0, cap)});
    const TypeId raw = b.record("alloc::raw_vec::RawVec<T>", 16, {b.field("inner", 0, inner)});
    return b.record("alloc::vec::Vec<" + b.recording.at(element).name + ", alloc::alloc::Global>", 24,
                    {b.field("buf", 0, raw), b.field("len", 16, b.usize())}, {{"T", element}});
  }
  // As 1.63: the pointer first, and to T itself.
  TypeId vec_163(TypeId element) {
    const TypeId pointer = b.pointer("*const T", element);
    const TypeId unique = b.record("core::ptr::unique::Unique<T>", 8, {b.field("pointer", 0, pointer)});
    const TypeId raw =
        b.record("alloc::raw_vec::RawVec<T>", 16, {b.field("ptr", 0, unique), b.field("cap", 8, b.usize())});
    return b.record("alloc::vec::Vec<i32, alloc::alloc::Global>", 24,
                    {b.field("buf", 0, raw), b.field("len", 16, b.usize())}, {{"T", element}});
  }
  TypeId option(std::string name, TypeId payload, TypeId tag, std::uint64_t size) {
    Type made = b.blank(std::move(name), TypeKind::choice, size);
    const TypeId none = b.record("None", size, {});
    const TypeId some = b.record("Some", size, {b.field("__0", 0, payload)});
    made.discriminant = b.field("", 0, tag);
    made.variants = {{"None", 0, none, 0}, {"Some", std::nullopt, some, 0}};
    return b.type(made);
  }
};

TEST_F(RustShapes, ABoxIsAnOwningPointer) {
  const Value value = of(b.box_of(b.i32()), there);
  EXPECT_EQ(value.kind, ValueKind::pointer);
  EXPECT_EQ(value.pointer_kind, PointerKind::owner);
  EXPECT_EQ(value.target, Address{there});
  EXPECT_EQ(value.text, "0x2000");
}

TEST_F(RustShapes, ABoxOfNothingIsEmptyByDesign) {
  const TypeId unit = b.base("()", 0, Encoding::unsigned_int);
  EXPECT_TRUE(of(b.box_of(unit), std::uint64_t{1}).empty_by_design);
}

TEST_F(RustShapes, AVecIsItsElementsInBothReleases) {
  memory.put(there, std::array<std::int32_t, 3>{1, 2, 3});
  memory.put(here, std::array<std::uint64_t, 3>{4, there, 3});
  const Value now = at_here(vec_195(b.i32()));
  EXPECT_EQ(now.text, "[1, 2, 3]");
  EXPECT_EQ(now.capacity, 4u);
  EXPECT_EQ(now.pointer_offset, 8u);
  EXPECT_EQ(now.pointer_kind, PointerKind::owner);
  memory.put(here, std::array<std::uint64_t, 3>{there, 4, 3});
  const Value then = at_here(vec_163(b.i32()));
  EXPECT_EQ(then.text, "[1, 2, 3]");
  EXPECT_EQ(then.pointer_offset, 0u);
}

TEST_F(RustShapes, AnEmptyVecPointsNowhereOnPurpose) {
  memory.put(here, std::array<std::uint64_t, 3>{0, 4, 0});
  const Value value = at_here(vec_195(b.i32()));
  EXPECT_EQ(value.text, "[]");
  EXPECT_TRUE(value.empty_by_design);
}

TEST_F(RustShapes, WordsThatCannotBeAVecAreShownAsTheyAre) {
  memory.put(here, std::array<std::uint64_t, 3>{2, there, ~std::uint64_t{0} / 4});
  EXPECT_EQ(at_here(vec_195(b.i32())).kind, ValueKind::record);
}

TEST_F(RustShapes, AStringIsItsText) {
  const TypeId string = b.record("alloc::string::String", 24, {b.field("vec", 0, vec_195(b.u8()))});
  memory.put_text(there, "h\xc3\xa9\x1b");
  memory.put(here, std::array<std::uint64_t, 3>{8, there, 4});
  const Value value = at_here(string);
  EXPECT_EQ(value.text, "\"hé\\x1b\"");
  EXPECT_EQ(value.length, 4u);
  EXPECT_EQ(value.capacity, 8u);
}

TEST_F(RustShapes, ALongStringIsCutBetweenCharacters) {
  const TypeId string = b.record("alloc::string::String", 24, {b.field("vec", 0, vec_195(b.u8()))});
  memory.put_text(there, "ab\xe2\x82\xac");
  memory.put(here, std::array<std::uint64_t, 3>{8, there, 5});
  DecodeOptions options;
  options.string_bytes = 4;
  const Value value = at_here(string, options);
  EXPECT_EQ(value.text, "\"ab\"…");
  EXPECT_TRUE(value.cut);
}

TEST_F(RustShapes, SlicesAndStrCoverAPartOfSomethingElse) {
  const TypeId length = b.usize();
  const TypeId str = b.record(
      "&str", 16, {b.field("data_ptr", 0, b.pointer("*const u8", b.u8())), b.field("length", 8, length)});
  memory.put_text(there, "hello");
  memory.put(here, std::array<std::uint64_t, 2>{there, 2});
  EXPECT_EQ(at_here(str).text, "\"he\"");
  EXPECT_EQ(at_here(str).pointer_kind, PointerKind::borrow);
  const TypeId slice = b.record(
      "&[u8]", 16, {b.field("data_ptr", 0, b.pointer("*const u8", b.u8())), b.field("length", 8, length)});
  EXPECT_EQ(at_here(slice).text, "[104, 101]");
  EXPECT_EQ(at_here(slice).pointee_count, 2u);
  const TypeId boxed =
      b.record("alloc::boxed::Box<str, alloc::alloc::Global>", 16,
               {b.field("data_ptr", 0, b.pointer("*const u8", b.u8())), b.field("length", 8, length)});
  EXPECT_EQ(at_here(boxed).text, "\"he\"");
  EXPECT_EQ(at_here(boxed).pointer_kind, PointerKind::owner);
}

TEST_F(RustShapes, AnOptionWithANicheIsNoneOrSome) {
  const TypeId box = b.box_of(b.i32());
  const TypeId type = option("core::option::Option<Box<i32>>", box, b.usize(), 8);
  EXPECT_EQ(of(type, std::uint64_t{0}).text, "None");
  const Value some = of(type, there);
  EXPECT_EQ(some.text, "Some(0x2000)");
  EXPECT_EQ(some.variant, "Some");
  ASSERT_EQ(some.fields.size(), 1u);
  EXPECT_EQ(some.fields[0].value.target, Address{there});
}

TEST_F(RustShapes, ATagOfHundredTwentyEightBitsIsCompared) {
  const TypeId wide = b.base("u128", 16, Encoding::unsigned_int);
  const TypeId type = option("Option<NonZeroU128>", wide, wide, 16);
  EXPECT_EQ(of(type, UInt128{0}).text, "None");
  EXPECT_EQ(of(type, UInt128{1} << 100).text, "Some(1267650600228229401496703205376)");
}

TEST_F(RustShapes, ANegativeTagIsComparedAtItsWidth) {
  Type made = b.blank("Signed", TypeKind::choice, 2);
  made.discriminant = b.field("", 0, b.base("i16", 2, Encoding::signed_int));
  const TypeId empty = b.record("Minus", 2, {});
  made.variants = {{"Minus", static_cast<UInt128>(static_cast<Int128>(-300)), empty, 0},
                   {"Plus", 200, empty, 0}};
  const TypeId type = b.type(made);
  EXPECT_EQ(of(type, std::int16_t{-300}).text, "Minus");
  EXPECT_EQ(of(type, std::int16_t{200}).text, "Plus");
  EXPECT_EQ(of(type, std::int16_t{1}).text, "<no such variant>");
}

TEST_F(RustShapes, WithoutATagTheInhabitedVariantIsMeant) {
  const TypeId never = b.type(b.blank("Empty", TypeKind::choice, 0));
  Type made = b.blank("Result<u8, Empty>", TypeKind::choice, 1);
  const TypeId err = b.record("Err", 1, {b.field("__0", 0, never)});
  const TypeId ok = b.record("Ok", 1, {b.field("__0", 0, b.u8())});
  made.variants = {{"Err", std::nullopt, err, 0}, {"Ok", std::nullopt, ok, 0}};
  EXPECT_EQ(of(b.type(made), std::uint8_t{3}).text, "Ok(3)");
}

TEST_F(RustShapes, AnRcShowsItsCounts) {
  const TypeId inner = b.record(
      "alloc::rc::RcInner<i32>", 24,
      {b.field("strong", 0, b.usize()), b.field("weak", 8, b.usize()), b.field("value", 16, b.i32())});
  const TypeId pointer = b.pointer("*const RcInner<i32>", inner);
  const TypeId rc = b.record("alloc::rc::Rc<i32, alloc::alloc::Global>", 8, {b.field("ptr", 0, pointer)});
  memory.put(there, std::array<std::uint64_t, 3>{2, 1, 5});
  const Value value = of(rc, there);
  EXPECT_EQ(value.text, "0x2000 (strong 2, weak 0)");
  EXPECT_EQ(value.pointer_kind, PointerKind::shared);
  EXPECT_EQ(value.pointee, inner);
}

}  // namespace
}  // namespace situ
