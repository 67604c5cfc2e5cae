// The documented JSON of a recording (docs/json.md).
#pragma once

#include <functional>
#include <string_view>

#include "decode/moment.h"

namespace situ {

void write_json(const Recording& recording, Decoder& decoder, std::string_view situ_version,
                const std::function<void(std::string_view)>& write);

// The JSON of `situ heap`.
void write_heap_json(const Recording& recording, std::string_view situ_version,
                     const std::function<void(std::string_view)>& write);

}  // namespace situ
