#include "render/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "render/json_utf8.h"

namespace situ {
namespace {

template <class T>
std::string written(const T& value) {
  JsonWriter json;
  json.value(value);
  return json.text();
}

// What a reader makes of `text` after it was written.
std::string through_a_reader(std::string_view text) {
  return nlohmann::json::parse(written(text)).get<std::string>();
}

TEST(JsonWriter, SeparatesKeysAndElements) {
  JsonWriter json;
  json.begin_object();
  json.field("a", 1);
  json.key("b");
  json.begin_array();
  json.value(true);
  json.null();
  json.begin_object();
  json.end_object();
  json.end_array();
  json.field("c", "x");
  json.end_object();
  EXPECT_EQ(json.text(), R"({"a":1,"b":[true,null,{}],"c":"x"})");
}

TEST(JsonWriter, PutsElementsOnLinesOfTheirOwnWhereAsked) {
  JsonWriter json;
  json.begin_array();
  json.line();
  json.value(1);
  json.line();
  json.value(2);
  json.line();
  json.end_array();
  EXPECT_EQ(json.text(), "[\n1,\n2\n]");
}

TEST(JsonWriter, ControlCharactersAndQuotesAreEscaped) {
  const std::string all = [] {
    std::string text;
    for (char c = 0; c < 0x7f; ++c) text += c;
    return text;
  }();
  EXPECT_EQ(through_a_reader(all), all);
  EXPECT_EQ(written(std::string_view("\0\x1f\x7f\"\\\n", 6)), R"("\u0000\u001f\u007f\"\\\n")");
}

TEST(JsonWriter, WellFormedTextIsKept) {
  EXPECT_EQ(through_a_reader("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\xa6\x80"), "grüß € 🦀");
}

TEST(JsonWriter, IllFormedTextGetsReplacementCharacters) {
  EXPECT_EQ(through_a_reader("a\xff"
                             "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(through_a_reader("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");                  // overlong
  EXPECT_EQ(through_a_reader("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
  EXPECT_EQ(through_a_reader("\xf4\x90\x80\x80"),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // above U+10FFFF
  EXPECT_EQ(through_a_reader("\xf0\x9f\xa6"), "\xef\xbf\xbd");    // cut off: one maximal part
  EXPECT_EQ(through_a_reader("\xe2\x82!"), "\xef\xbf\xbd!");
}

TEST(JsonWriter, IsUtf8TellsTheTwoApart) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain \xe2\x82\xac"));
  EXPECT_FALSE(is_utf8("plain \xe2\x82"));
}

TEST(JsonWriter, IntegersEveryDoubleHoldsAreNumbers) {
  EXPECT_EQ(written(9007199254740992), "9007199254740992");
  EXPECT_EQ(written(-9007199254740992), "-9007199254740992");
  EXPECT_EQ(written(std::uint8_t{200}), "200");
}

TEST(JsonWriter, LargerIntegersAreStrings) {
  EXPECT_EQ(written(9007199254740993), R"("9007199254740993")");
  EXPECT_EQ(written(std::numeric_limits<std::uint64_t>::max()), R"("18446744073709551615")");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), R"("-9223372036854775808")");
  EXPECT_EQ(written(~UInt128{0}), R"("340282366920938463463374607431768211455")");
  EXPECT_EQ(written(static_cast<Int128>(UInt128{1} << 127)), R"("-170141183460469231731687303715884105728")");
}

TEST(JsonWriter, FiniteFloatsAreShortestAndExact) {
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(1e300), "1e+300");
  EXPECT_EQ(written(-0.0), "-0");
  const double odd = 0.1 + 0.2;
  EXPECT_EQ(nlohmann::json::parse(written(odd)).get<double>(), odd);
}

TEST(JsonWriter, NonFiniteFloatsAreStrings) {
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), R"("inf")");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), R"("-inf")");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), R"("nan")");
}

TEST(JsonWriter, AddressesAreLowerCaseHex) {
  EXPECT_EQ(written(Address{0x7fffffffe2a4}), R"("0x7fffffffe2a4")");
  EXPECT_EQ(written(Address{0}), R"("0x0")");
  EXPECT_EQ(written(Address{~std::uint64_t{0}}), R"("0xffffffffffffffff")");
}

TEST(JsonWriter, WhatIsMissingIsNull) {
  JsonWriter json;
  json.begin_object();
  json.text_or_null("text", "");
  json.field("id", std::optional<FrameId>());
  json.lifetime({3, std::nullopt});
  json.end_object();
  EXPECT_EQ(json.text(), R"({"text":null,"id":null,"born":3,"died":null})");
}

TEST(JsonWriter, ASinkGetsThePiecesInOrder) {
  std::string all;
  int pieces = 0;
  JsonWriter json([&](std::string_view piece) {
    all += piece;
    ++pieces;
  });
  json.begin_array();
  for (int i = 0; i < 50'000; ++i) json.value(i);
  json.end_array();
  json.finish();
  EXPECT_GT(pieces, 1);
  EXPECT_EQ(nlohmann::json::parse(all).size(), 50'000u);
}

}  // namespace
}  // namespace situ
