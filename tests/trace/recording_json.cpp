#include "trace/recording_json.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <sstream>
#include <stdexcept>

namespace situ::test {
namespace {

[[noreturn]] void missing(const std::string& what) {
  throw std::out_of_range("the recording has no " + what);
}

}  // namespace

std::uint64_t address_in(const Json& hex) {
  return std::stoull(hex.get<std::string>(), nullptr, 16);
}

bool alive_at(const Json& item, int step) {
  return item.at("born").get<int>() <= step &&
         (item.at("died").is_null() || step < item.at("died").get<int>());
}

std::string RecordingJson::name_of(const Json& function_id) const {
  if (function_id.is_null()) return "";
  const Json& name = list("functions").at(function_id.get<std::size_t>()).at("name");
  if (name.is_null()) return "";
  std::string text = name;
  text = text.substr(0, text.find('('));
  const std::size_t colon = text.rfind("::");
  return colon == std::string::npos ? text : text.substr(colon + 2);
}

Items RecordingJson::user_frames() const {
  Items found;
  for (const Json& frame : list("frames"))
    if (frame.at("user")) found.push_back(&frame);
  return found;
}

Items RecordingJson::frames_of(std::string_view function) const {
  Items found;
  for (const Json* frame : user_frames())
    if (name_of(frame->at("function")) == function) found.push_back(frame);
  return found;
}

const Json& RecordingJson::frame_of(std::string_view function) const {
  const Items found = frames_of(function);
  if (found.size() != 1) missing("single frame of " + std::string(function));
  return *found.front();
}

const Json& RecordingJson::extent_at(const Json& frame, int step) const {
  for (const Json& extent : frame.at("extents"))
    if (alive_at(extent, step)) return extent;
  missing("extent of frame " + frame.at("id").dump() + " at step " + std::to_string(step));
}

std::uint64_t RecordingJson::low_of(const Json& frame, int step) const {
  return high_of(frame) - extent_at(frame, step).at("size").get<std::uint64_t>();
}

const Json& RecordingJson::variable(std::string_view function, std::string_view name) const {
  const Items frames = frames_of(function);
  for (const Json& variable : list("variables"))
    if (!frames.empty() && variable.at("frame") == frames.front()->at("id") && variable.at("name") == name)
      return variable;
  missing("variable " + std::string(name) + " of " + std::string(function));
}

const Json& RecordingJson::stack_place(const Json& variable) const {
  const Json& places = variable.at("places");
  if (places.size() != 1 || places.front().at("kind") != "stack")
    missing("single place on the stack for " + variable.at("name").get<std::string>());
  return places.front();
}

Json RecordingJson::value_at(const Json& holder, int step) const {
  for (const Json& value : holder.at("values"))
    if (alive_at(value, step)) return value;
  return nullptr;
}

std::string RecordingJson::text_at(const Json& holder, int step) const {
  const Json value = value_at(holder, step);
  return value.is_null() ? "" : value.at("value").at("text").get<std::string>();
}

const Json& RecordingJson::block(int number) const {
  for (const Json& block : list("blocks"))
    if (block.at("number") == number) return block;
  missing("block #" + std::to_string(number));
}

Items RecordingJson::user_blocks() const {
  Items found;
  for (const Json& block : list("blocks"))
    if (block.at("user")) found.push_back(&block);
  return found;
}

Items RecordingJson::pointers_from(const Json& variable) const {
  Items found;
  for (const Json& pointer : list("pointers")) {
    const Json& from = pointer.at("from");
    if (from.contains("variable") && from.at("variable") == variable.at("id")) found.push_back(&pointer);
  }
  return found;
}

bool RecordingJson::has_pointer(const Json& variable, std::string_view state, const Json& block) const {
  for (const Json* pointer : pointers_from(variable)) {
    const Json& to = pointer->at("to");
    if (pointer->at("state") == state && to.is_object() && to.contains("block") &&
        to.at("block") == block.at("id"))
      return true;
  }
  return false;
}

Items RecordingJson::steps_with(std::string_view cause) const {
  Items found;
  for (const Json& step : steps())
    if (step.at("cause") == cause) found.push_back(&step);
  return found;
}

Items RecordingJson::steps_with(std::string_view cause, std::string_view function) const {
  Items found;
  for (const Json* step : steps_with(cause))
    if (name_of(step->at("function")) == function) found.push_back(step);
  return found;
}

int RecordingJson::step_at_line(std::string_view function, int line) const {
  for (const Json& step : steps())
    if ((step.at("cause") == "line" || step.at("cause") == "call") && step.at("line") == line &&
        name_of(step.at("function")) == function)
      return step.at("index");
  missing("step at line " + std::to_string(line) + " of " + std::string(function));
}

int RecordingJson::line_with(std::string_view text) const {
  for (const Json* frame : user_frames()) {
    const Json& file = list("functions").at(frame->at("function").get<std::size_t>()).at("file");
    for (const Json& source : list("sources")) {
      if (source.at("file") != file || source.at("text").is_null()) continue;
      std::istringstream lines(source.at("text").get<std::string>());
      std::string line;
      for (int number = 1; std::getline(lines, line); ++number)
        if (line.find(text) != std::string::npos) return number;
    }
  }
  missing("line with " + std::string(text));
}

Recorded record(const std::vector<std::string>& command, const std::vector<std::string>& options) {
  const std::string file = testing::TempDir() + "situ-trace-" + std::to_string(getpid()) + ".json";
  std::vector<std::string> words = {SITU, "run", "--json", "-o", file};
  words.insert(words.end(), options.begin(), options.end());
  words.push_back("--");
  words.insert(words.end(), command.begin(), command.end());
  const Ran ran = run_program(words);
  const std::string text = read_file(file);
  unlink(file.c_str());
  if (text.empty()) throw std::runtime_error("situ wrote no recording: " + ran.err);
  return {ran, RecordingJson(Json::parse(text))};
}

}  // namespace situ::test
