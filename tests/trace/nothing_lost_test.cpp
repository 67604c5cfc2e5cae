// Every allocation is in the recording, however the program ends, and so is the end.
#include "trace/target.h"

namespace situ::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Ending {
  const char* how;
  Json exit;
  int status;  // situ's
};

class Endings : public testing::TestWithParam<Ending> {};
INSTANTIATE_TEST_SUITE_P(How, Endings,
                         testing::Values(Ending{"return", {{"code", 0}}, 0},
                                         Ending{"_exit", {{"code", 3}}, 0},
                                         Ending{"abort", {{"signal", "SIGABRT"}}, 4},
                                         Ending{"kill", {{"signal", "SIGKILL"}}, 4},
                                         Ending{"segv", {{"signal", "SIGSEGV"}}, 4}),
                         [](const auto& ending) { return std::string(ending.param.how); });

TEST_P(Endings, LoseNeitherTheLastAllocationNorTheExit) {
  const auto [ran, recording] = record_target("endings", {GetParam().how});
  EXPECT_EQ(ran.status, GetParam().status);
  EXPECT_THAT(all_problems(recording), IsEmpty());
  EXPECT_EQ(recording.program().at("exit"), GetParam().exit);
  EXPECT_EQ(recording.program().at("stopped_early"), nullptr);
  EXPECT_EQ(recording.program().at("lost_events"), 0);
  EXPECT_EQ(recording.steps().back().at("cause"), "exit");
  EXPECT_EQ(recording.steps().back().at("event"), GetParam().exit);
  const Json& last = recording.list("events").back();
  EXPECT_EQ(last.at("op"), "malloc");
  EXPECT_EQ(last.at("requested"), 777);
  EXPECT_EQ(last.at("block"), recording.block(1).at("id"));
  EXPECT_EQ(recording.block(1).at("died"), nullptr);
  EXPECT_EQ(recording.block(1).at("leaked"), false);  // `kept` still leads to it
}

TEST(Ending, ByAFaultIsASignalStepAtTheInstruction) {
  const RecordingJson recording = record_target("endings", {"segv"}).recording;
  const Items signals = recording.steps_with("signal");
  ASSERT_THAT(signals, SizeIs(1));
  EXPECT_EQ(signals[0]->at("event"), Json({{"name", "SIGSEGV"}, {"address", "0x0"}}));
  EXPECT_EQ(signals[0]->at("line"), recording.line_with("nullptr"));
}

TEST(Nothing, OfAGlobalConstructorsHeapIsLost) {
  const RecordingJson recording = record_target("global").recording;
  EXPECT_THAT(all_problems(recording), IsEmpty());
  ASSERT_THAT(recording.user_blocks(), SizeIs(1));
  const Json& block = recording.block(1);
  EXPECT_LT(block.at("died"), recording.last_step());
  EXPECT_LT(block.at("born"), recording.frame_of("main").at("born"));
  EXPECT_GE(block.at("died"), recording.frame_of("main").at("died"));
  EXPECT_EQ(block.at("leaked"), false);
}

TEST(Nothing, OfAReallocIsLost) {
  const RecordingJson recording = record_target("realloc").recording;
  EXPECT_THAT(all_problems(recording), IsEmpty());
  ASSERT_THAT(recording.user_blocks(), SizeIs(3));
  const Json &first = recording.block(1), &moved = recording.block(3);
  ASSERT_THAT(first.at("sizes"), SizeIs(2));  // in place
  EXPECT_EQ(first.at("sizes").at(0).at("requested"), 10);
  EXPECT_EQ(first.at("sizes").at(1).at("requested"), 20);
  EXPECT_EQ(first.at("moved_to"), moved.at("id"));
  EXPECT_EQ(first.at("died"), moved.at("born"));
  EXPECT_EQ(first.at("freed_by"), "realloc");
  EXPECT_NE(first.at("address"), moved.at("address"));
  EXPECT_EQ(moved.at("requested"), 2000);
  EXPECT_EQ(moved.at("freed_by"), "realloc");  // to no bytes
  EXPECT_THAT(recording.steps_with("free"), SizeIs(2));
}

TEST(Nothing, IsBrokenByAProgramThatFreesTwice) {
  const auto [ran, recording] = record_target("double_free");
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(all_problems(recording), IsEmpty());
  EXPECT_EQ(recording.program().at("exit"), Json({{"signal", "SIGABRT"}}));
  const Json& block = recording.block(1);
  std::vector<Json> released;
  for (const Json& event : recording.list("events"))
    if (event.at("op") == "free" && event.at("argument") == block.at("address"))
      released.push_back(event.at("block"));
  EXPECT_THAT(released, ElementsAre(block.at("id"), Json(nullptr)));
  EXPECT_EQ(recording.steps_with("free").size(), 1U);
}

}  // namespace
}  // namespace situ::test
