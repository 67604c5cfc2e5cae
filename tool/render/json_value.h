// Values and places in the JSON of a recording.
#pragma once

#include "decode/moment.h"
#include "render/json_writer.h"

namespace situ {

// VALUE of docs/json.md: every key, null where the kind has no such thing.
void write_value(JsonWriter& json, const Value& value);

// With its pieces and its lifetime.
void write_place(JsonWriter& json, const Place& place);

}  // namespace situ
