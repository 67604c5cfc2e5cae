// The terminal picture of a moment and the story of a run (design: pictures.md, "The terminal picture").
#pragma once

#include <string>

#include "decode/moment.h"

namespace situ {

struct TextOptions {
  std::size_t width = 80;  // columns; >= 118: three zones, 80-117: two, less: stacked
  bool ascii = false;
  bool color = false;
  bool full_addresses = false;
  bool raw = false;             // values unfolded field by field (a decoder with DecodeOptions::raw)
  bool bytes = false;           // under each value its bytes (a decoder with DecodeOptions::bytes)
  bool runtime_frames = false;  // unfold runs of non-user frames
};

// Ends with a newline. The same (moment, options) give the same bytes.
std::string picture(const Recording& recording, const Moment& moment, const TextOptions& options);

// One line for a step: index, cause, position, the sentence. No newline.
std::string step_line(const Recording& recording, StepIndex step, const std::string& say,
                      const TextOptions& options);

}  // namespace situ
