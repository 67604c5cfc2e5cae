// A recording as its JSON says it (docs/json.md), with the questions that tests ask of it. What a test asks
// for by name and does not find is a thrown std::out_of_range, which fails the test.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/run_program.h"

namespace situ::test {

using Json = nlohmann::json;
using Items = std::vector<const Json*>;  // of a list of the recording

// "0x7ffe…" as a number.
std::uint64_t address_in(const Json& hex);
// Born, and not yet dead, at `step`.
bool alive_at(const Json& item, int step);

class RecordingJson {
 public:
  explicit RecordingJson(Json root) : root_(std::move(root)) {}

  const Json& list(const char* name) const { return root_.at(name); }
  const Json& program() const { return list("program"); }
  const Json& steps() const { return list("steps"); }
  int last_step() const { return static_cast<int>(steps().size()) - 1; }

  // The last part of a function's path: "bar" of "frames::bar" and of "bar(int)"; "" for none.
  std::string name_of(const Json& function_id) const;

  // Frames of the user's functions, in the order of their births.
  Items user_frames() const;
  Items frames_of(std::string_view function) const;
  const Json& frame_of(std::string_view function) const;  // the only one
  const Json& extent_at(const Json& frame, int step) const;
  // [low, high): the frame's bytes at `step`.
  std::uint64_t high_of(const Json& frame) const { return address_in(frame.at("cfa")); }
  std::uint64_t low_of(const Json& frame, int step) const;

  // The variable of the first frame of `function`.
  const Json& variable(std::string_view function, std::string_view name) const;
  // Its one place, which must be on the stack.
  const Json& stack_place(const Json& variable) const;
  // The entry of its (or a block's) `values` at `step`; null when it has none.
  Json value_at(const Json& holder, int step) const;
  std::string text_at(const Json& holder, int step) const;

  const Json& block(int number) const;  // the user's
  Items user_blocks() const;
  Items pointers_from(const Json& variable) const;
  bool has_pointer(const Json& variable, std::string_view state, const Json& block) const;

  Items steps_with(std::string_view cause) const;
  Items steps_with(std::string_view cause, std::string_view function) const;
  // The first step about to run `line` in `function`.
  int step_at_line(std::string_view function, int line) const;
  // The 1-based line of the program's own source that contains `text`.
  int line_with(std::string_view text) const;

 private:
  Json root_;
};

struct Recorded {
  Ran ran;
  RecordingJson recording;
};

// `situ run --json` with `options` on the words of `command`.
Recorded record(const std::vector<std::string>& command, const std::vector<std::string>& options = {});

}  // namespace situ::test
