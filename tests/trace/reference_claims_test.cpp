// The article's series on references: assigning copies the pointer, borrowing does not own.
#include "trace/arrows.h"
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::HasSubstr;

class ReferenceClaims : public Sample {
 protected:
  static int last_step_of_main(const RecordingJson& recording) {
    return recording.frame_of("main").at("died").get<int>() - 1;
  }
  // "valid borrow" in Rust; C++'s pointers do not say whether they borrow.
  static std::string borrowed(const char* target) {
    return (rust() ? "valid borrow of " : "valid raw of ") + std::string(target);
  }
};
INSTANTIATE_TEST_SUITE_P(Compiler, ReferenceClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(ReferenceClaims, AssigningAReferenceMakesASecondPointerToTheSameBlock) {
  const RecordingJson recording = recorded("reference_types");
  const Json &a = recording.variable("main", "a"), &b = recording.variable("main", "b");
  const int both = recording.step_at_line("main", recording.line_with(rust() ? "b.set(9)" : "*b = 9;"));
  EXPECT_NE(recording.stack_place(a).at("address"), recording.stack_place(b).at("address"));
  EXPECT_EQ(arrow_text(recording, a, both), borrowed("#1"));
  EXPECT_EQ(arrow_text(recording, b, both), borrowed("#1"));
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "number"), both), "valid owner of #1");
  EXPECT_EQ(recording.user_blocks().size(), 1U);
  const int apart = recording.step_at_line("main", recording.line_with("elsewhere = "));
  EXPECT_EQ(arrow_text(recording, a, apart), borrowed("#1"));
  EXPECT_EQ(arrow_text(recording, b, apart), borrowed("main.other"));
}

TEST_P(ReferenceClaims, WhatOnePointerWritesTheOtherReads) {
  const RecordingJson recording = recorded("reference_types");
  const int before = recording.step_at_line("main", recording.line_with(rust() ? "b.set(9)" : "*b = 9;"));
  const int after = recording.step_at_line("main", recording.line_with("seen = "));
  EXPECT_THAT(recording.text_at(recording.block(1), before), HasSubstr("1"));
  EXPECT_THAT(recording.text_at(recording.block(1), after), HasSubstr("9"));
  EXPECT_EQ(recording.text_at(recording.variable("main", "seen"), last_step_of_main(recording)), "9");
}

TEST_P(ReferenceClaims, AssigningAValueTypeCopiesTheValue) {
  const RecordingJson recording = recorded("reference_types");
  const int end = last_step_of_main(recording);
  EXPECT_EQ(recording.text_at(recording.variable("main", "x"), end), "1");
  EXPECT_EQ(recording.text_at(recording.variable("main", "y"), end), "9");
}

TEST_P(ReferenceClaims, AReferenceArgumentPointsIntoTheCallersFrame) {
  const RecordingJson recording = recorded("borrow");
  const int called = recording.frame_of("add_one").at("born"),
            returned = recording.frame_of("add_one").at("died");
  EXPECT_EQ(arrow_text(recording, recording.variable("add_one", "number"), called),
            "valid borrow of main.count");
  EXPECT_EQ(recording.text_at(recording.variable("main", "count"), called), "5");
  EXPECT_EQ(recording.text_at(recording.variable("main", "count"), returned), "6");
}

TEST_P(ReferenceClaims, ABorrowReachesIntoTheHeapOrAtTheOwnerAndTheOwnerStays) {
  const RecordingJson recording = recorded("borrow");
  const Json& boxed = recording.variable("main", "boxed");
  const int lent = recording.step_at_line("main", recording.line_with("sum = "));
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "inside"), lent), "valid borrow of #1");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "owner"), lent), "valid borrow of main.boxed");
  EXPECT_EQ(arrow_text(recording, boxed, lent), "valid owner of #1");
  EXPECT_EQ(recording.value_at(boxed, lent).at("died"), recording.frame_of("main").at("died"));
  EXPECT_EQ(recording.block(1).at("died").get<int>(), last_step_of_main(recording));
}

TEST_P(ReferenceClaims, TwoBorrowedStringsAreTheCallers) {
  const RecordingJson recording = recorded("borrow");
  const int called = recording.frame_of("longer").at("born");
  EXPECT_EQ(arrow_text(recording, recording.variable("longer", "left"), called),
            rust() ? "valid borrow of main.short" : "valid borrow of main.small");
  EXPECT_EQ(arrow_text(recording, recording.variable("longer", "right"), called),
            rust() ? "valid borrow of main.long" : "valid borrow of main.large");
}

TEST_P(ReferenceClaims, AMethodByReferenceHasTheAddressOfTheCallersAndOneByValueACopy) {
  const RecordingJson recording = recorded("rectangle");
  const Json& room = recording.variable("main", "room");
  const char* self = rust() ? "self" : "this";
  for (const char* method : {"area", "widen"}) {
    const Json& frame = *recording.frames_of(method).front();
    EXPECT_EQ(arrow_text(recording, variable_in(recording, frame, self), frame.at("born")),
              borrowed("main.room"));
  }
  const Json& copy = recording.variable("doubled", "copy");
  const int widened = recording.frames_of("area").back()->at("born");
  EXPECT_NE(recording.stack_place(copy).at("address"), recording.stack_place(room).at("address"));
  EXPECT_EQ(recording.text_at(copy, widened), "{width: 14, height: 2}");
  EXPECT_EQ(recording.text_at(room, widened), "{width: 7, height: 2}");
}

TEST_P(ReferenceClaims, InAChainOfCallsEveryArrowIsRight) {
  const RecordingJson recording = recorded("call_chain");
  const Json& deepest = *recording.frames_of("add").back();
  const int step = deepest.at("born");
  for (const char* function : {"main", "outer", "middle"})
    EXPECT_TRUE(alive_at(recording.frame_of(function), step)) << function;
  const struct {
    const char *function, *name, *arrow;
  } expected[] = {
      {"main", "lent", "valid borrow of main.three"},   {"main", "twenty", "valid owner of #1"},
      {"outer", "given", "valid borrow of main.three"}, {"outer", "lent", "valid borrow of outer.ten"},
      {"middle", "far", "valid borrow of main.three"},  {"middle", "near", "valid borrow of outer.ten"},
      {"middle", "five", "valid owner of #2"},          {"middle", "lent", "valid borrow of #2"},
  };
  for (const auto& [function, name, arrow] : expected)
    EXPECT_EQ(arrow_text(recording, recording.variable(function, name), step), arrow)
        << function << "." << name;
  EXPECT_EQ(arrow_text(recording, variable_in(recording, deepest, "part"), step), "valid borrow of #2");
  EXPECT_EQ(recording.text_at(recording.block(1), step), "20");
  EXPECT_EQ(recording.text_at(recording.block(2), step), "5");
}

TEST_P(ReferenceClaims, InAChainOfCallsEachBoxLivesAsLongAsItsOwnersScope) {
  const RecordingJson recording = recorded("call_chain");
  const Json &outer = recording.frame_of("main"), &inner = recording.frame_of("middle");
  EXPECT_TRUE(alive_at(inner, recording.block(2).at("died")));
  EXPECT_GT(recording.block(1).at("died"), inner.at("died"));
  EXPECT_TRUE(alive_at(outer, recording.block(1).at("died")));
  EXPECT_EQ(recording.text_at(recording.variable("main", "sum"), last_step_of_main(recording)), "228");
}

TEST_P(ReferenceClaims, ASliceIsAPointerIntoItsOwnersBytesAndALength) {
  const RecordingJson recording = recorded("slices");
  const int step = recording.step_at_line("main", recording.line_with("both = "));
  const Json &word = recording.variable("main", "word"), &literal = recording.variable("main", "literal");
  EXPECT_EQ(arrow_text(recording, word, step), rust() ? "valid borrow of #1+10" : "valid borrow of #1+18");
  EXPECT_EQ(recording.text_at(word, step), "\"heap\"");
  EXPECT_EQ(recording.value_at(word, step).at("value").at("length"), 4);
  EXPECT_EQ(arrow_text(recording, literal, step), "valid borrow of region");
  EXPECT_EQ(recording.text_at(literal, step), "\"static\"");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "tail"), step), borrowed("main.row+8"));
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "text"), step), "valid owner of #1");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "numbers"), step), "valid owner of #2");
  if (!rust()) return;  // a pair of iterators has no length of its own
  const Json& middle = recording.variable("main", "middle");
  EXPECT_EQ(arrow_text(recording, middle, step), "valid borrow of #2+4");
  EXPECT_EQ(recording.text_at(middle, step), "[2, 3, 4]");
  EXPECT_EQ(recording.value_at(middle, step).at("value").at("length"), 3);
}

TEST_P(ReferenceClaims, ASlicePassedOnPointsAtTheSamePart) {
  const RecordingJson recording = recorded("slices");
  const Items sums = recording.frames_of("sum");
  ASSERT_EQ(sums.size(), 2U);
  const char* part = rust() ? "part" : "first";
  EXPECT_EQ(arrow_text(recording, variable_in(recording, *sums[0], part), sums[0]->at("born")),
            borrowed("#2+4"));
  EXPECT_EQ(arrow_text(recording, variable_in(recording, *sums[1], part), sums[1]->at("born")),
            borrowed("main.row+8"));
}

TEST_P(ReferenceClaims, OnePastAnArrayIsPastItsEnd) {
  if (rust()) GTEST_SKIP();
  const RecordingJson recording = recorded("slices");
  const Json& second = *recording.frames_of("sum").back();
  EXPECT_EQ(arrow_text(recording, variable_in(recording, second, "last"), second.at("born")),
            "past-end raw of main.row+16");
}

}  // namespace
}  // namespace situ::test
