// Questions about the arrows of a recording: who points at what, at which step.
#pragma once

#include "trace/recording_json.h"

namespace situ::test {

// The variable of one frame, where a function was called more than once.
inline const Json& variable_in(const RecordingJson& recording, const Json& frame, std::string_view name) {
  for (const Json& variable : recording.list("variables"))
    if (variable.at("frame") == frame.at("id") && variable.at("name") == name) return variable;
  throw std::out_of_range("no variable " + std::string(name));
}

// The one pointer that `variable` holds at `step`.
inline const Json& arrow_at(const RecordingJson& recording, const Json& variable, int step) {
  Items found;
  for (const Json* pointer : recording.pointers_from(variable))
    if (alive_at(*pointer, step)) found.push_back(pointer);
  if (found.size() != 1)
    throw std::out_of_range(std::to_string(found.size()) + " pointers in " +
                            variable.at("name").get<std::string>());
  return *found.front();
}

// "valid borrow of main.three", "valid owner of #2+4", "valid borrow of region", "null owner": state, kind
// and target of the pointer that `variable` holds at `step`.
inline std::string arrow_text(const RecordingJson& recording, const Json& variable, int step) {
  const Json& arrow = arrow_at(recording, variable, step);
  std::string text = arrow.at("state").get<std::string>() + " " + arrow.at("kind").get<std::string>();
  const Json& to = arrow.at("to");
  if (to.is_null()) return text;
  if (to.contains("block")) {
    text += " of #" + recording.list("blocks").at(to.at("block").get<std::size_t>()).at("number").dump();
  } else if (to.contains("variable")) {
    const Json& target = recording.list("variables").at(to.at("variable").get<std::size_t>());
    const Json& frame = recording.list("frames").at(target.at("frame").get<std::size_t>());
    text += " of " + recording.name_of(frame.at("function")) + "." + target.at("name").get<std::string>();
  } else {
    for (const char* kind : {"frame", "static", "code", "region", "self"})
      if (to.contains(kind)) return text + " of " + kind;
  }
  return to.at("offset") == 0 ? text : text + "+" + to.at("offset").dump();
}

}  // namespace situ::test
