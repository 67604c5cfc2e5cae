#include "decode/scalars.h"

#include "base/int128.h"
#include "unit/decode/decode_fixture.h"

namespace situ {
namespace {

using Scalars = DecodeTest;

TEST_F(Scalars, IntegersOfEveryWidthKeepTheirSign) {
  EXPECT_EQ(of(b.base("i8", 1, Encoding::signed_int), std::int8_t{-128}).text, "-128");
  EXPECT_EQ(of(b.base("u8", 1, Encoding::unsigned_int), std::uint8_t{255}).text, "255");
  EXPECT_EQ(of(b.base("i16", 2, Encoding::signed_int), std::int16_t{-300}).text, "-300");
  EXPECT_EQ(of(b.base("i32", 4, Encoding::signed_int), std::int32_t{34}).text, "34");
  EXPECT_EQ(of(b.base("i64", 8, Encoding::signed_int), std::int64_t{-1}).text, "-1");
  EXPECT_EQ(of(b.base("u64", 8, Encoding::unsigned_int), ~std::uint64_t{0}).text, "18446744073709551615");
}

TEST_F(Scalars, HundredTwentyEightBitsAreExact) {
  const Value low = of(b.base("i128", 16, Encoding::signed_int), static_cast<Int128>(UInt128{1} << 127));
  EXPECT_EQ(low.text, "-170141183460469231731687303715884105728");
  const Value high = of(b.base("u128", 16, Encoding::unsigned_int), ~UInt128{0});
  EXPECT_EQ(high.text, "340282366920938463463374607431768211455");
  EXPECT_FALSE(high.number);
}

TEST_F(Scalars, FloatsAreShortAndKeepTheirBits) {
  const Value half = of(b.base("f64", 8, Encoding::floating), 2.5);
  EXPECT_EQ(half.text, "2.5");
  EXPECT_EQ(half.bits, "4004000000000000");
  EXPECT_EQ(of(b.base("f32", 4, Encoding::floating), 1.0f).text, "1.0");
  EXPECT_EQ(of(b.base("f32", 4, Encoding::floating), 0.1f).text, "0.1");
  EXPECT_EQ(of(b.base("long double", 16, Encoding::floating), 0.5L).text, "0.5");
}

TEST_F(Scalars, ABoolIsOnlyTrueOrFalseWhenItIsOne) {
  const TypeId type = b.base("bool", 1, Encoding::boolean);
  EXPECT_EQ(of(type, std::uint8_t{1}).text, "true");
  EXPECT_EQ(of(type, std::uint8_t{0}).number, 0);
  EXPECT_EQ(of(type, std::uint8_t{7}).text, "7 (not a bool)");
}

TEST_F(Scalars, CharactersOfRustAndOfC) {
  EXPECT_EQ(of(b.base("char", 4, Encoding::utf), char32_t{0xe9}).text, "'é'");
  EXPECT_EQ(of(b.base("char", 4, Encoding::utf), char32_t{0x202e}).text, "'\\u{202e}'");
  EXPECT_EQ(of(b.base("char", 4, Encoding::utf), char32_t{0x110000}).text, "'\\u{110000}' (not a character)");
  b.language = Language::cpp;
  const TypeId c_char = b.base("char", 1, Encoding::character);
  EXPECT_EQ(of(c_char, 'a').text, "'a' 97");
  EXPECT_EQ(of(c_char, '\x1b').text, "'\\x1b' 27");
  EXPECT_EQ(of(c_char, '\xff').text, "'\\xff' -1");
}

TEST_F(Scalars, ABitFieldIsItsBitsOnly) {
  b.language = Language::cpp;
  const TypeId word = b.base("int", 4, Encoding::signed_int);
  Field low = b.field("low", 0, word), high = b.field("high", 0, word);
  low.bit_size = 3;
  high.bit_size = 5;
  high.bit_position = 3;
  EXPECT_EQ(of(b.record("Bits", 4, {low, high}), std::uint32_t{0b01010'111}).text, "{low: -1, high: 10}");
}

TEST_F(Scalars, EnumeratorsHaveNamesAndFlagsAreCombined) {
  b.language = Language::cpp;
  Type color = b.blank("Color", TypeKind::enumeration, 4);
  color.enumerators = {{"red", 0}, {"green", 1}, {"blue", 2}, {"all", 3}};
  const TypeId plain = b.type(color);
  EXPECT_EQ(of(plain, 1).text, "green");
  EXPECT_EQ(of(plain, 9).text, "9");
  Type flags = b.blank("Mode", TypeKind::enumeration, 4);
  flags.enumerators = {{"none", 0}, {"read", 1}, {"write", 2}, {"exec", 4}};
  const TypeId mode = b.type(flags);
  EXPECT_EQ(of(mode, 5).text, "read | exec");
  EXPECT_EQ(of(mode, 0).text, "none");
  EXPECT_EQ(of(mode, 8).text, "8");
}

TEST_F(Scalars, ANegativeEnumeratorIsComparedAtItsWidth) {
  Type small = b.blank("Small", TypeKind::enumeration, 1);
  small.target = b.base("i8", 1, Encoding::signed_int);
  small.enumerators = {{"minus", -2}, {"plus", 2}};
  EXPECT_EQ(of(b.type(small), std::int8_t{-2}).text, "minus");
}

}  // namespace
}  // namespace situ
