// The parts of the JSON of a recording, each a key and its value; json.cpp puts them in their order.
#pragma once

#include <string_view>

#include "render/json_lifetimes.h"
#include "render/json_writer.h"

namespace situ {

// "format", "format_version", "situ_version" and "program"; inside an object that has begun.
void write_head(JsonWriter& json, std::string_view format, std::string_view situ_version,
                const Program& program);
// {"code": 0} or {"signal": "SIGSEGV"}.
void write_exit(JsonWriter& json, const ExitStatus& exit);

// What the program is made of.
void write_threads(JsonWriter& json, const Recording& recording);
void write_modules(JsonWriter& json, const Recording& recording);
void write_functions(JsonWriter& json, const Recording& recording);
void write_types(JsonWriter& json, const Recording& recording);
void write_symbols(JsonWriter& json, const Recording& recording);
void write_sources(JsonWriter& json, const Recording& recording);
void write_regions(JsonWriter& json, const Recording& recording);

// What happened.
void write_steps(JsonWriter& json, const Recording& recording, Decoder& decoder, const Lifetimes& lifetimes);
void write_events(JsonWriter& json, const Recording& recording);
void write_memory(JsonWriter& json, const Recording& recording);

// What lived.
void write_frames(JsonWriter& json, const Recording& recording, const Lifetimes& lifetimes);
void write_variables(JsonWriter& json, const Recording& recording, const Lifetimes& lifetimes);
void write_blocks(JsonWriter& json, const Recording& recording, Decoder& decoder, const Lifetimes& lifetimes);
void write_pointers(JsonWriter& json, const Lifetimes& lifetimes);

// A list of `items` under `name`, one item a line; `write_item(item)` writes the keys of one.
template <class Items, class WriteItem>
void write_list(JsonWriter& json, std::string_view name, const Items& items, WriteItem write_item) {
  json.key(name);
  json.begin_array();
  for (const auto& item : items) {
    json.line();
    json.begin_object();
    write_item(item);
    json.end_object();
  }
  if (!std::empty(items)) json.line();
  json.end_array();
}

// The same within a line.
template <class Items, class WriteItem>
void write_inner_list(JsonWriter& json, std::string_view name, const Items& items, WriteItem write_item) {
  json.key(name);
  json.begin_array();
  for (const auto& item : items) {
    json.begin_object();
    write_item(item);
    json.end_object();
  }
  json.end_array();
}

template <class Values>
void write_values(JsonWriter& json, std::string_view name, const Values& values) {
  json.key(name);
  json.begin_array();
  for (const auto& value : values) json.value(value);
  json.end_array();
}

}  // namespace situ
