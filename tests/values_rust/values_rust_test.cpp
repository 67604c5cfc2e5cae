// What a real Rust program holds, as situ writes it: every rustc says the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "trace/recording_json.h"

namespace situ::test {
namespace {

using Texts = std::map<std::string, std::string>;

// The locals of `function` as they were when it called `stop`.
Texts texts_at_stop(const RecordingJson& recording, std::string_view function) {
  int step = -1;
  for (const Json* frame : recording.frames_of("stop")) {
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

std::vector<std::string> rustcs() {
  return {CASES};
}

class RustValues : public testing::TestWithParam<std::string> {
 protected:
  static Texts at_stop(std::string_view function) {
    const Recorded run = record({std::string(PROGRAMS) + "/rust_" + GetParam() + "/val_rust"});
    EXPECT_EQ(run.ran.status, 0) << run.ran.err;
    return texts_at_stop(run.recording, function);
  }
  static bool since(int minor) { return std::stoi(GetParam().substr(2)) >= minor; }
  static void expect(const Texts& found, const Texts& wanted) {
    for (const auto& [name, text] : wanted) {
      const auto at = found.find(name);
      EXPECT_EQ(at == found.end() ? "nothing" : at->second, text) << name;
    }
  }
};

TEST_P(RustValues, PointersSayWhereAndFatOnesWhat) {
  const Texts found = at_stop("pointers");
  expect(found, {{"boxed_slice", "[1, 2, 3]"},
                 {"boxed_str", R"("boxed")"},
                 {"weak_new", "Weak::new()"},
                 {"rc_str", R"("shared" (strong 1, weak 0))"},
                 {"rc_slice", "[7, 8, 9] (strong 1, weak 0)"},
                 {"arc_str", R"("atomic" (strong 1, weak 0))"},
                 {"slice", "[2, 3]"},
                 {"text", R"("ox")"},
                 {"null", "null"},
                 {"no_box", "None"}});
  EXPECT_THAT(found.at("rc"), testing::EndsWith(" (strong 2, weak 1)"));
  EXPECT_THAT(found.at("function"), testing::EndsWith(" <val_rust::add_one>"));
  for (const char* name : {"boxed_dyn", "ref_dyn", "pinned", "pin_ref", "non_null"})
    EXPECT_THAT(found.at(name), testing::StartsWith("0x")) << name;
}

TEST_P(RustValues, CellsAndLocksSayTheirState) {
  const Texts found = at_stop("cells");
  expect(found, {{"cell", "Cell(5)"},
                 {"ref_cell", "RefCell(6) (not borrowed)"},
                 {"shared_cell", "RefCell([1, 2]) (borrowed ×2)"},
                 {"mut_cell", R"(RefCell("text") (borrowed mut))"},
                 {"unsafe_cell", "1"},
                 {"mutex", "Mutex(3) (unlocked)"},
                 {"locked", "Mutex(4) (locked)"},
                 {"rw", R"(RwLock("rw") (unlocked))"},
                 {"rw_read", "RwLock(1.5) (read-locked ×2)"},
                 {"rw_write", "RwLock(2.5) (write-locked)"},
                 {"atomic", "11"},
                 {"atomic_bool", "true"},
                 {"atomic_i8", "-3"},
                 {"atomic_ptr", "null"}});
  EXPECT_THAT(found.at("first"), testing::StartsWith("Ref(0x"));
  EXPECT_THAT(found.at("guard"), testing::StartsWith("RefMut(0x"));
  EXPECT_THAT(found.at("lock_guard"), testing::StartsWith("MutexGuard(0x"));
  if (since(80)) {
    expect(found, {{"once_empty", "OnceCell (not set)"},
                   {"once_full", R"(OnceCell("once"))"},
                   {"lazy_cell", "LazyCell (not yet computed)"}});
  }
  if (since(95)) {
    expect(found, {{"once_lock_empty", "OnceLock (not set)"},
                   {"once_lock", "OnceLock(12)"},
                   {"lazy_lock", "LazyLock (not yet computed)"},
                   {"forced", "LazyLock(15)"}});
  }
}

TEST_P(RustValues, SequencesAndTextsAreWhatTheyHold) {
  expect(at_stop("sequences"), {{"vec", "[1, 2, 3]"},
                                {"empty_vec", "[]"},
                                {"vec_zst", "[(), (), ()]"},
                                {"vec_vec", "[[1], [], [2, 3]]"},
                                {"deque", "[3, 4, 5]"},
                                {"empty_deque", "[]"},
                                {"string", "\"h\u00e9llo\""},
                                {"empty_string", R"("")"},
                                {"os_string", R"("os")"},
                                {"path_buf", R"("/tmp/x")"},
                                {"c_string", R"("c text")"},
                                {"c_str", R"("c text")"},
                                {"path", R"("/usr")"},
                                {"os_str", R"("osstr")"},
                                {"cow_borrowed", R"(Borrowed("borrowed"))"},
                                {"cow_owned", R"(Owned("owned"))"},
                                {"cow_slice", "Owned([1, 2])"},
                                {"list", "[1, 2, 3]"},
                                {"empty_list", "[]"},
                                {"heap", "[5, 1, 2]"},
                                {"strs", R"(["a", "b"])"},
                                {"iter", "[2, 3] (left to iterate)"},
                                {"into_iter", "[20, 30] (left to iterate)"}});
}

TEST_P(RustValues, MapsAreTheirEntries) {
  const Texts found = at_stop("maps");
  expect(found, {{"empty_map", "{}"},
                 {"words", R"({"k": [1, 2]})"},
                 {"hash_set", "{'a'}"},
                 {"tree", "{1: 'a', 2: 'b', 3: 'c'}"},
                 {"empty_tree", "{}"},
                 {"tree_set", R"({"x", "y"})"},
                 {"tree_words", R"({"a": [1]})"},
                 {"nested", "{1: {2: 3}}"}});
  // The order of a hash map is the run's.
  EXPECT_THAT(found.at("hash_map"), testing::AnyOf(R"({1: "one", 3: "three"})", R"({3: "three", 1: "one"})"));
  EXPECT_THAT(found.at("big_map"), testing::HasSubstr("… 37 skipped …"));
  EXPECT_THAT(found.at("big_tree"), testing::StartsWith("{0: 0, 1: 1, 2: 4, 3: 9, 4: 16,"));
  EXPECT_THAT(found.at("big_tree"), testing::HasSubstr("… 37 skipped …, 47: 2209, 48: 2304,"));
  EXPECT_THAT(found.at("big_tree"), testing::EndsWith("98: 9604, 99: 9801}"));
}

TEST_P(RustValues, NumbersEnumsAndClosuresAreWrittenAsInTheSource) {
  const Texts found = at_stop("scalars");
  expect(found, {{"wide", "340282366920938463463374607431768211455"},
                 {"wide_signed", "-170141183460469231731687303715884105728"},
                 {"tuple", "(1, 2.5, 'x')"},
                 {"range", "0..5"},
                 {"inclusive", "1..=3"},
                 {"range_from", "2.."},
                 {"range_to", "..4"},
                 {"range_to_inclusive", "..=6"},
                 {"duration", "1.5s"},
                 {"short", "1.25µs"},
                 {"system", "1970-01-01 00:00:00 UTC"},
                 {"non_zero", "5"},
                 {"non_zero_wide", "1267650600228229401496703205376"},
                 {"maybe_non_zero", "None"},
                 {"typed", "{id: 3}"},
                 {"manual", "{x: 1, y: 2}"},
                 {"maybe", "9"},
                 {"wrapping", "Wrapping(200)"},
                 {"ordering", "Less"},
                 {"reverse", "Reverse(3)"},
                 {"low", "Low"},
                 {"circle", "Circle(1.5)"},
                 {"square", "Square {side: 2}"},
                 {"one", "One(true)"},
                 {"two", "Two"},
                 {"nested_option", "Some(Some(false))"},
                 {"inner_none", "Some(None)"},
                 {"solo", "Only(1)"},
                 {"fine", "Ok(3)"},
                 {"error", R"(Err("bad"))"},
                 {"no_string", "None"},
                 {"by_ref", "closure {&cap, &other}"},
                 {"by_move", R"(closure {moved: "moved", cap: 5})"},
                 {"no_capture", "closure"},
                 {"thread_id", "ThreadId(1)"}});
}

INSTANTIATE_TEST_SUITE_P(Rustc, RustValues, testing::ValuesIn(rustcs()),
                         [](const auto& tested) { return "rust_" + tested.param; });

}  // namespace
}  // namespace situ::test
