// What is true of every recording, whatever the program did: each function lists what contradicts it.
#pragma once

#include "trace/recording_json.h"

namespace situ::test {

using Problems = std::vector<std::string>;

// Steps are numbered in order, begin with the start, and end with the exit or say why not; no lifetime ends
// before it begins or outside the steps.
Problems step_problems(const RecordingJson& recording);
// A user frame is born at its one call step and dies at its one return step, if it returned; callees die no
// later than their callers, lie below them and inside their stack; sp falls by what is pushed.
Problems frame_problems(const RecordingJson& recording);
// At every step of a user frame's life its slots cover its bytes, each once.
Problems slot_problems(const RecordingJson& recording);
// Blocks and heap operations tell the same story.
Problems heap_problems(const RecordingJson& recording);

Problems all_problems(const RecordingJson& recording);

}  // namespace situ::test
