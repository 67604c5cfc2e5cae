#include "render/json_value.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "render/json_names.h"

namespace situ {
namespace {

using nlohmann::json;

json written(const Value& value) {
  JsonWriter writer;
  write_value(writer, value);
  return json::parse(writer.text());
}

json written(const Place& place) {
  JsonWriter writer;
  write_place(writer, place);
  return json::parse(writer.text());
}

Value value_of(ValueKind kind, std::string text) {
  Value value;
  value.kind = kind;
  value.text = std::move(text);
  return value;
}

TEST(JsonValue, KeysThatDoNotBelongToTheKindAreNull) {
  Value value = value_of(ValueKind::integer, "5");
  value.number = 5;
  EXPECT_EQ(written(value), json::parse(R"({"text": "5", "kind": "integer", "number": 5, "bits": null,
      "fields": null, "elements": null, "length": null, "capacity": null, "shown": null, "indexes": null,
      "cut": false, "variant": null, "target": null, "why": null})"));
}

TEST(JsonValue, AnIntegerBeyondTheNumbersIsItsText) {
  const std::string most = "340282366920938463463374607431768211455";
  EXPECT_EQ(written(value_of(ValueKind::integer, most))["number"], most);
  EXPECT_EQ(written(value_of(ValueKind::integer, "?"))["number"], nullptr);
}

TEST(JsonValue, FloatsHaveTheirBits) {
  Value value = value_of(ValueKind::floating, "0.5");
  value.floating = 0.5;
  value.bits = "3f000000";
  EXPECT_EQ(written(value)["kind"], "float");
  EXPECT_EQ(written(value)["number"], 0.5);
  EXPECT_EQ(written(value)["bits"], "3f000000");
  value.floating = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(written(value)["number"], "nan");
}

TEST(JsonValue, ASequenceSaysWhichElementsAreShown) {
  Value value = value_of(ValueKind::sequence, "[1, …, 9]");
  value.elements = {value_of(ValueKind::integer, "1"), value_of(ValueKind::integer, "9")};
  value.indexes = {0, 99};
  value.length = 100;
  value.capacity = 128;
  value.cut = true;
  value.target = Address{0x1000};
  const json document = written(value);
  EXPECT_EQ(document["elements"].size(), 2u);
  EXPECT_EQ(document["elements"][1]["text"], "9");
  EXPECT_EQ(document["shown"], 2);
  EXPECT_EQ(document["indexes"], json({0, 99}));
  EXPECT_EQ(document["length"], 100);
  EXPECT_EQ(document["capacity"], 128);
  EXPECT_EQ(document["cut"], true);
  EXPECT_EQ(document["target"], "0x1000");
}

TEST(JsonValue, AnEmptySequenceHasNoElementsAndIsNotMissing) {
  const json document = written(value_of(ValueKind::sequence, "[]"));
  EXPECT_EQ(document["elements"], json::array());
  EXPECT_EQ(document["shown"], 0);
}

TEST(JsonValue, FieldsAreWrittenInside) {
  Value value = value_of(ValueKind::choice, "Some(3)");
  value.variant = "Some";
  value.fields = {{"", 4, value_of(ValueKind::integer, "3")}};
  const json document = written(value);
  EXPECT_EQ(document["variant"], "Some");
  EXPECT_EQ(document["fields"][0]["name"], nullptr);
  EXPECT_EQ(document["fields"][0]["offset"], 4);
  EXPECT_EQ(document["fields"][0]["value"]["text"], "3");
}

TEST(JsonValue, WhatIsUnavailableSaysWhy) {
  Value value = value_of(ValueKind::unavailable, "<optimized out>");
  value.why = Why::optimized_out;
  EXPECT_EQ(written(value)["why"], "optimized_out");
}

TEST(JsonPlace, ARegisterPlaceNamesTheRegister) {
  Place place;
  place.kind = PlaceKind::reg;
  place.reg = Reg::rdi;
  place.life = {2, 5};
  EXPECT_EQ(written(place), json::parse(R"({"kind": "register", "address": null, "frame": null,
      "cfa_offset": null, "size": null, "register": "rdi", "pieces": null, "why": null, "born": 2, "died": 5})"));
}

TEST(JsonPlace, PiecesAreListedWithoutALifetimeOfTheirOwn) {
  Place place;
  place.kind = PlaceKind::pieces;
  PlacePiece piece;
  piece.offset = 8;
  piece.place.kind = PlaceKind::nowhere;
  piece.place.why = Why::optimized_out;
  place.pieces.push_back(piece);
  const json written_piece = written(place)["pieces"].at(0);
  EXPECT_EQ(written_piece["offset"], 8);
  EXPECT_EQ(written_piece["why"], "optimized_out");
  EXPECT_FALSE(written_piece.contains("born"));
}

TEST(JsonNames, SignalsHaveTheirNames) {
  EXPECT_EQ(signal_name(11), "SIGSEGV");
  EXPECT_EQ(signal_name(9), "SIGKILL");
  EXPECT_EQ(signal_name(999), "signal 999");
  EXPECT_EQ(signal_name(-1), "signal -1");
}

}  // namespace
}  // namespace situ
