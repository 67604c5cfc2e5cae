// Recordings of the small programs of tests/targets/trace_*.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/consistency.h"

namespace situ::test {

// Of the target called `stem`, with its arguments and situ's options.
inline Recorded record_target(const std::string& stem, const std::vector<std::string>& arguments = {},
                              const std::vector<std::string>& options = {}) {
  std::vector<std::string> command = {std::string(TARGETS) + "/trace_" + stem};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return record(command, options);
}

inline std::vector<std::string> ended_by(const RecordingJson& recording, std::string_view function) {
  std::vector<std::string> ends;
  for (const Json* frame : recording.frames_of(function))
    ends.push_back(frame->at("ended_by").is_null() ? "nothing" : frame->at("ended_by").get<std::string>());
  return ends;
}

}  // namespace situ::test
