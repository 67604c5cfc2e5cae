#include "render/json_value.h"

#include <algorithm>

#include "render/json_names.h"

namespace situ {
namespace {

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; });
}

void write_number(JsonWriter& json, const Value& value) {
  if (value.kind == ValueKind::floating) {
    json.value(value.floating);
  } else if (value.kind == ValueKind::integer && !value.number && is_decimal(value.text)) {
    json.value(value.text);  // beyond what 128 signed bits hold
  } else {
    json.value(value.number);
  }
}

void write_fields(JsonWriter& json, const Value& value) {
  if (value.kind != ValueKind::record && value.kind != ValueKind::choice) return json.null();
  json.begin_array();
  for (const NamedValue& field : value.fields) {
    json.begin_object();
    json.text_or_null("name", field.name);
    json.field("offset", field.offset);
    json.key("value");
    write_value(json, field.value);
    json.end_object();
  }
  json.end_array();
}

void write_elements(JsonWriter& json, const Value& value) {
  if (value.kind != ValueKind::sequence) return json.null();
  json.begin_array();
  for (const Value& element : value.elements) write_value(json, element);
  json.end_array();
}

// Which elements are shown; null: all, from the first on.
void write_indexes(JsonWriter& json, const Value& value) {
  if (value.kind != ValueKind::sequence || value.indexes.empty()) return json.null();
  json.begin_array();
  for (const std::uint64_t index : value.indexes) json.value(index);
  json.end_array();
}

// Keys of a place and of a piece of one.
void write_place_keys(JsonWriter& json, const Place& place) {
  json.field("kind", json_name(place.kind));
  json.field("address", place.address);
  json.field("frame", place.frame);
  json.field("cfa_offset", place.cfa_offset);
  json.field("size", place.size);
  json.key("register");
  place.reg ? json.value(register_name(*place.reg)) : json.null();
  json.key("pieces");
  if (place.kind == PlaceKind::pieces) {
    json.begin_array();
    for (const PlacePiece& piece : place.pieces) {
      json.begin_object();
      json.field("offset", piece.offset);
      write_place_keys(json, piece.place);
      json.end_object();
    }
    json.end_array();
  } else {
    json.null();
  }
  json.text_or_null("why", json_name(place.why));
}

}  // namespace

void write_value(JsonWriter& json, const Value& value) {
  json.begin_object();
  json.text_or_null("text", value.text);
  json.field("kind", value_kind_name(value.kind));
  json.key("number");
  write_number(json, value);
  json.text_or_null("bits", value.bits);
  json.key("fields");
  write_fields(json, value);
  json.key("elements");
  write_elements(json, value);
  json.field("length", value.length);
  json.field("capacity", value.capacity);
  json.key("shown");
  value.kind == ValueKind::sequence ? json.value(value.elements.size()) : json.null();
  json.key("indexes");
  write_indexes(json, value);
  json.field("cut", value.cut);
  json.text_or_null("variant", value.variant);
  json.field("target", value.target);
  json.text_or_null("why", json_name(value.why));
  json.end_object();
}

void write_place(JsonWriter& json, const Place& place) {
  json.begin_object();
  write_place_keys(json, place);
  json.lifetime(place.life);
  json.end_object();
}

}  // namespace situ
