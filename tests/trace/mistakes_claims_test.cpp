// What goes wrong in C++: a leak, dangling pointers, a double free. And what a value costs, measured in the
// sample.
#include "trace/arrows.h"
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::HasSubstr;

class MistakeClaims : public Sample {
 protected:
  void SetUp() override {
    if (rust()) GTEST_SKIP() << "C++ only";
  }
};
INSTANTIATE_TEST_SUITE_P(Compiler, MistakeClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(MistakeClaims, ALeakedBlockIsNamedWithWhereItWasAllocated) {
  const RecordingJson recording = recorded("leak");
  const Json& lost = recording.block(2);
  EXPECT_EQ(lost.at("leaked"), true);
  EXPECT_EQ(lost.at("died"), nullptr);
  EXPECT_EQ(lost.at("stack").back().is_null(), false);
  bool allocated_there = false;
  for (const Json& entry : lost.at("stack"))
    allocated_there |= recording.name_of(entry.at("function")) == "main" &&
                       entry.at("line") == recording.line_with("lost = new int(2)");
  EXPECT_TRUE(allocated_there);
  EXPECT_EQ(recording.block(3).at("leaked"), false);
  EXPECT_THAT(recording.steps_with("exit").at(0)->at("say"), HasSubstr("never freed"));
}

TEST_P(MistakeClaims, NothingPointsAtALostBlockAnyMore) {
  const RecordingJson recording = recorded("leak");
  const Json& lost = recording.block(2);
  const int end = recording.frame_of("main").at("died").get<int>() - 1;
  for (const Json& pointer : recording.list("pointers"))
    if (alive_at(pointer, end) && pointer.at("to").is_object() && pointer.at("to").contains("block")) {
      EXPECT_NE(pointer.at("to").at("block"), lost.at("id"));
    }
}

TEST_P(MistakeClaims, APointerToAPoppedFrameDangles) {
  const RecordingJson recording = recorded("dangling");
  const Json& pointer = recording.variable("main", "of_frame");
  const int inside = recording.frame_of("keep").at("died").get<int>() - 1;
  EXPECT_EQ(arrow_text(recording, pointer, inside), "valid raw of keep.local");
  EXPECT_EQ(arrow_at(recording, pointer, recording.frame_of("keep").at("died")).at("state"),
            "dangling-frame");
}

TEST_P(MistakeClaims, APointerToAFreedBlockDanglesAndThenPointsAtTheNextTenant) {
  const RecordingJson recording = recorded("dangling");
  const Json &pointer = recording.variable("main", "of_block"), &tenant = recording.block(2);
  EXPECT_EQ(tenant.at("address"), recording.block(1).at("address"));
  EXPECT_EQ(arrow_text(recording, pointer, recording.block(1).at("died")), "dangling-freed raw of #1");
  EXPECT_EQ(arrow_text(recording, pointer, tenant.at("born")), "dangling-reused raw of #2");
}

TEST_P(MistakeClaims, APointerIntoAVectorDanglesWhenTheVectorLeavesItsBlock) {
  const RecordingJson recording = recorded("dangling");
  const Json& first = recording.variable("main", "first");
  const int before = recording.step_at_line("main", recording.line_with("push_back(30)"));
  const int after = recording.step_at_line("main", recording.line_with("stayed = "));
  EXPECT_EQ(arrow_text(recording, first, before), "valid raw of #3");
  EXPECT_EQ(arrow_text(recording, first, after), "dangling-freed raw of #3");
  EXPECT_EQ(arrow_text(recording, recording.variable("main", "numbers"), after), "valid owner of #4");
}

TEST_P(MistakeClaims, ADoubleFreeEndsTheProgramAndItsOneFreeIsShown) {
  const Recorded run = record({std::string(SAMPLES) + "/" + GetParam() + "/O0/double_free"});
  const RecordingJson& recording = run.recording;
  EXPECT_EQ(run.ran.status, 4);
  EXPECT_EQ(recording.program().at("exit"), Json({{"signal", "SIGABRT"}}));
  EXPECT_THAT(run.ran.err, HasSubstr("double free"));
  const Json& freed = *recording.steps_with("free").front();
  EXPECT_EQ(freed.at("line"), recording.line_with("delete first"));
  EXPECT_EQ(recording.block(1).at("died"), freed.at("index"));
  EXPECT_EQ(arrow_at(recording, recording.variable("main", "second"), freed.at("index")).at("state"),
            "dangling-freed");
  EXPECT_EQ(recording.steps_with("signal").size(), 1U);
}

TEST_P(MistakeClaims, APointerToAPoppedFrameNeverBecomesValidAgain) {
  const RecordingJson recording = recorded("dangling");
  for (const Json* pointer : recording.pointers_from(recording.variable("main", "of_frame")))
    if (pointer->at("born") >= recording.frame_of("keep").at("died")) {
      EXPECT_EQ(pointer->at("state"), "dangling-frame");
      EXPECT_EQ(pointer->at("to").at("variable"), recording.variable("keep", "local").at("id"));
    }
}

TEST_P(MistakeClaims, AnOldPointerIsNeverAValidOneToTheNextTenant) {
  const RecordingJson recording = recorded("dangling");
  EXPECT_FALSE(recording.has_pointer(recording.variable("main", "of_block"), "valid", recording.block(2)));
}

TEST_P(MistakeClaims, ATextEndsWhereItsBlockEnds) {
  const RecordingJson recording = recorded("dangling");
  const int step = recording.step_at_line("main", recording.line_with("numbers{10, 20}"));
  EXPECT_THAT(recording.text_at(recording.variable("main", "tenant"), step), testing::Not(HasSubstr("U")));
}

TEST_P(MistakeClaims, AStaticStillPointsAtTheBlockThatIsNotLost) {
  const RecordingJson recording = recorded("leak");
  bool reachable = false;
  for (const Json& pointer : recording.list("pointers"))
    reachable |= pointer.at("died").is_null() && pointer.at("to").is_object() &&
                 pointer.at("to").contains("block") &&
                 pointer.at("to").at("block") == recording.block(1).at("id");
  EXPECT_TRUE(reachable);
}

TEST_P(MistakeClaims, TheSecondFreeIsNamedWithTheFirst) {
  const Recorded run = record({std::string(SAMPLES) + "/" + GetParam() + "/O0/double_free"});
  EXPECT_THAT(run.recording.steps_with("signal").at(0)->at("say"), HasSubstr("double free"));
}

class CostClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, CostClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(CostClaims, TheSampleMeasuresItselfAndSaysSo) {
  const Ran ran = run_program({std::string(SAMPLES) + "/" + GetParam() + "/O2/cost"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, "");
  for (const char* what : {"stack ", "allocate and free ", "cold ", "behind a cold pointer "})
    EXPECT_THAT(ran.err, HasSubstr(what));
}

TEST_P(CostClaims, APointerToAPointerIsTwoArrows) {
  const RecordingJson recording = recorded("cost");
  const int step = recording.step_at_line("main", recording.line_with("cold = "));
  const Json& outer = arrow_at(recording, recording.variable("main", "pointing"), step);
  bool found = false;
  for (const Json& pointer : recording.list("pointers"))
    found |= alive_at(pointer, step) && pointer.at("from").contains("block") &&
             pointer.at("from").at("block") == outer.at("to").at("block") && pointer.at("kind") == "owner" &&
             pointer.at("state") == "valid";
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace situ::test
