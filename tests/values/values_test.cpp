// What real programs hold, as situ writes it: every compiler, DWARF version and standard says the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "trace/recording_json.h"

namespace situ::test {
namespace {

using Texts = std::map<std::string, std::string>;

// The locals of `function` as they were when it called `look`.
Texts texts_at_look(const RecordingJson& recording, std::string_view function) {
  int step = -1;
  for (const Json* frame : recording.frames_of("look")) {
    const Json& caller = recording.list("frames").at(frame->at("caller").get<std::size_t>());
    if (recording.name_of(caller.at("function")) == function) step = frame->at("born").get<int>();
  }
  Texts texts;
  for (const Json& variable : recording.list("variables")) {
    if (variable.at("frame").is_null()) continue;
    const Json& frame = recording.list("frames").at(variable.at("frame").get<std::size_t>());
    if (recording.name_of(frame.at("function")) != function) continue;
    texts[variable.at("name").get<std::string>()] = recording.text_at(variable, step);
  }
  return texts;
}

class Values : public testing::TestWithParam<std::string> {
 protected:
  static RecordingJson recorded(const std::string& stem, const std::string& standard) {
    Recorded run = record({std::string(PROGRAMS) + "/" + stem + "." + GetParam() + "." + standard});
    EXPECT_EQ(run.ran.status, 0) << run.ran.err;
    return std::move(run.recording);
  }
  static void expect(const Texts& found, const Texts& wanted) {
    for (const auto& [name, text] : wanted) {
      const auto at = found.find(name);
      EXPECT_EQ(at == found.end() ? "nothing" : at->second, text) << name;
    }
  }
};

TEST_P(Values, TheLibrarysTypesAreWhatTheyHold) {
  const Texts texts = {{"small", R"("hi")"},
                       {"large", R"("a string that is longer than fifteen")"},
                       {"nul", R"("a\0b")"},
                       {"hostile", R"("\x1b[31mred\xff")"},
                       {"wide", "\"w\u00e4h\""},
                       {"sixteen", "\"\u20ac16\""},
                       {"thirtytwo", "\"\U0001F600!\""},
                       {"wide_long", R"("a wide string beyond its buffer")"},
                       {"wide_escape", R"("\x1b[0m")"},
                       {"view", R"("a view")"},
                       {"view16", R"("v16")"},
                       {"path", R"("/tmp/a/b.txt")"}};
  const Texts sequences = {{"flags", "[true, false, true, true]"},
                           {"fixed", "[4, 5, 6]"},
                           {"none", "[]"},
                           {"ends", "[6, 7, 8, 9]"},
                           {"linked", "[1, 2, 3]"},
                           {"names", R"(["a", "b"])"},
                           {"forward", "[4, 5]"},
                           {"forward_empty", "[]"},
                           {"stack", "[1, 2]"},
                           {"queue", "[3, 4]"},
                           {"best", "[5, 1]"},
                           {"braces", "[1, 2, 3]"},
                           {"bits", "000000000101"},
                           {"empty_list", "[]"},
                           {"empty_deque", "[]"}};
  const Texts trees = {{"map", R"({1: "one", 2: "two", 3: "three"})"},
                       {"nested", R"({"a": [1, 2], "b": []})"},
                       {"set", "{1, 2, 3}"},
                       {"multimap", "{1: 'a' 97, 1: 'b' 98}"},
                       {"multiset", "{1.5, 1.5}"},
                       {"aligned", "{'x' 120: 1.5}"},
                       {"hash", R"({"k": 1})"},
                       {"hash_set", "{42}"},
                       {"hash_multimap", "{1: 2, 1: 2}"},
                       {"empty_map", "{}"},
                       {"empty_hash", "{}"},
                       {"of_maps", "{1: {2: 3}}"}};
  const Texts wrappers = {{"tuple", "(1, 'c' 99, 2.5)"},
                          {"unit", "()"},
                          {"some", "optional(5)"},
                          {"nothing", "nullopt"},
                          {"some_text", R"(optional("text"))"},
                          {"variant", R"(std::string("alt"))"},
                          {"number", "double(2.5)"},
                          {"any", "any<int>(42)"},
                          {"any_text", R"(any<std::string>("any text"))"},
                          {"any_empty", "any()"},
                          {"any_point", "any<Point>({x: 1, y: 2})"},
                          {"target", "function(twice)"},
                          {"no_function", "function()"},
                          {"atomic", "5"},
                          {"atomic_flag", "true"},
                          {"complex", "1.0-2.0i"},
                          {"complex_float", "0.5+2.0i"},
                          {"milliseconds", "1500 ms"},
                          {"hours", "2 h"},
                          {"seconds", "0.25 s"},
                          {"free_mutex", "mutex (unlocked)"},
                          {"no_thread", "thread (not joinable)"}};
  for (const char* standard : {"17", "20"}) {
    const RecordingJson recording = recorded("library", standard);
    expect(texts_at_look(recording, "texts"), texts);
    expect(texts_at_look(recording, "sequences"), sequences);
    expect(texts_at_look(recording, "trees"), trees);
    Texts found = texts_at_look(recording, "wrappers");
    expect(found, wrappers);
    EXPECT_THAT(found.at("held_mutex"), testing::StartsWith("mutex (locked by thread "));
    EXPECT_THAT(found.at("lambda"), testing::StartsWith("function(wrappers()::"));
    found = texts_at_look(recording, "owners");
    EXPECT_THAT(found.at("with_function"), testing::HasSubstr("<close_int>"));
    EXPECT_THAT(found.at("with_object"), testing::EndsWith("(deleter {calls: 3})"));
    EXPECT_THAT(found.at("shared"), testing::EndsWith("(strong 2, weak 1)"));
  }
}

TEST_P(Values, TheLanguagesTypesAreWhatTheyMean) {
  const RecordingJson recording = recorded("language", "17");
  const Texts found = texts_at_look(recording, "language");
  expect(found, {{"bits", "{low: 5, middle: -3, wide: 1099511627775}"},
                 {"either", R"(union {number: 1, real: 1e-45, bytes: ['\x01' 1, '\0' 0, '\0' 0, '\0' 0]})"},
                 {"nameless", "{kind: 1, union {number: 2, real: 3e-45}, {x: 3, y: 4}}"},
                 {"color", "green"},
                 {"unknown", "3"},
                 {"flags", "a | c"},
                 {"no_flags", "none"},
                 {"odd_flags", "9"},
                 {"member", "&Point::y (offset 4)"},
                 {"no_member", "null"},
                 {"virtual_method", "virtual function 2 of the vtable"},
                 {"matrix", "[[1, 2, 3], [4, 5, 6]]"},
                 {"embedded", R"("ab\0cd")"},
                 {"text", R"("text")"},
                 {"wide", "\"w\u00e4h\""},
                 {"sixteen", "'\u20ac'"},
                 {"thirtytwo", "'\U0001F600'"},
                 {"one_wide", "'w'"},
                 {"extended", "1.5"},
                 {"huge", "1267650600228229401496703205376"},
                 {"unsigned_huge", "340282366920938463463374607431768211455"},
                 {"null", "null"},
                 {"strange", "7 (not a bool)"},
                 {"often", "6"}});
  for (const char* name : {"animal", "named", "reference"})
    EXPECT_THAT(found.at(name), testing::EndsWith(" (Dog)")) << name;
  EXPECT_THAT(found.at("method"), testing::EndsWith(" <Point::sum>"));
  EXPECT_THAT(found.at("function"), testing::EndsWith(" <twice>"));
  EXPECT_THAT(found.at("wide_pointer"), testing::EndsWith(R"( "wide")"));
  EXPECT_THAT(found.at("sixteen_pointer"), testing::EndsWith(R"( "sixteen")"));
  EXPECT_THAT(found.at("lambda"), testing::StartsWith("{seven: 7, dog: 0x"));
}

TEST_P(Values, CsTypesAreWhatTheyMean) {
  if (!std::filesystem::exists(std::string(PROGRAMS) + "/c." + GetParam() + ".17"))
    GTEST_SKIP() << "no such C compiler";
  const Texts found = texts_at_look(recorded("c", "17"), "values");
  expect(found, {{"complex_double", "1.0-2.0i"},
                 {"complex_float", "0.5+2.0i"},
                 {"complex_long", "1.5+0.25i"},
                 {"inner", "{union {number: 1, real: 1e-45}, {low: 2, high: 3}}"},
                 {"access", "read_access | run_access"},
                 {"no_access", "0"},
                 {"packed", "{first: 'p' 112, second: 7}"},
                 {"wide", "\"w\u00e4h\""},
                 {"sixteen", R"("abc")"},
                 {"thirtytwo", R"("xyz")"},
                 {"embedded", R"("ab\0cd")"},
                 {"unterminated", R"("abc")"},
                 {"bytes", "[-1, 0, 1]"},
                 {"table", "[[1.0, 2.0], [3.0, 4.0]]"}});
  if (found.contains("half")) {
    EXPECT_EQ(found.at("half"), "1.5");
  }
  EXPECT_THAT(found.at("own"), testing::EndsWith(" <look>"));
}

std::string case_name(const testing::TestParamInfo<std::string>& info_of) {
  std::string name = info_of.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Compilers, Values, testing::Values(CASES), case_name);

}  // namespace
}  // namespace situ::test
