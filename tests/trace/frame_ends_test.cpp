// How frames end: by returning, and in all the other ways.
#include "trace/target.h"

namespace situ::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

RecordingJson recorded(const std::string& stem, const std::vector<std::string>& arguments = {}) {
  Recorded run = record_target(stem, arguments);
  EXPECT_EQ(run.recording.program().at("exit"), Json({{"code", 0}}));
  return std::move(run.recording);
}

TEST(FrameEnds, ByReturningInnermostFirstInARecursion) {
  const RecordingJson recording = recorded("recursion");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  const Items frames = recording.frames_of("factorial");
  ASSERT_THAT(frames, SizeIs(4));
  EXPECT_THAT(ended_by(recording, "factorial"), Each("return"));
  for (std::size_t i = 1; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i]->at("caller"), frames[i - 1]->at("id"));
    EXPECT_LT(frames[i - 1]->at("born"), frames[i]->at("born"));
    EXPECT_LT(frames[i]->at("died"), frames[i - 1]->at("died"));
    EXPECT_LE(recording.high_of(*frames[i]), recording.low_of(*frames[i - 1], frames[i]->at("born")));
  }
  std::vector<std::string> values;
  for (const Json* step : recording.steps_with("return", "factorial"))
    values.push_back(step->at("event").at("value").at("text"));
  EXPECT_THAT(values, ElementsAre("1", "2", "6", "24"));
}

TEST(FrameEnds, ByUnwindingWhenAnExceptionLeavesThem) {
  const RecordingJson recording = recorded("exception");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  ASSERT_THAT(recording.frames_of("deep"), SizeIs(6));
  EXPECT_THAT(ended_by(recording, "deep"), Each("unwind"));
  EXPECT_THAT(recording.steps_with("return", "deep"), IsEmpty());
  EXPECT_THAT(ended_by(recording, "caught"), ElementsAre("return"));
  EXPECT_THAT(ended_by(recording, "~Guard"), testing::AllOf(SizeIs(6), Each("return")));
}

TEST(FrameEnds, ByUnwindingEachAfterItsOwnDestructors) {
  const RecordingJson recording = recorded("exception");
  for (const Json* destructor : recording.frames_of("~Guard")) {
    const Json& owner = recording.list("frames").at(destructor->at("caller").get<std::size_t>());
    EXPECT_EQ(recording.name_of(owner.at("function")), "deep");
    EXPECT_GT(owner.at("died"), destructor->at("died"));
  }
}

TEST(FrameEnds, ByUnwindingToAHandlerOnTheCallsOwnLine) {
  const RecordingJson recording = recorded("exception");
  const Json& catching = recording.frame_of("on_one_line");
  EXPECT_EQ(catching.at("ended_by"), "return");
  int last_death = 0;
  for (const Json* frame : recording.frames_of("deep"))
    last_death = std::max(last_death, frame->at("died").get<int>());
  const Json& landed = recording.steps().at(static_cast<std::size_t>(last_death));
  EXPECT_EQ(landed.at("frame"), catching.at("id"));
  EXPECT_EQ(landed.at("line"), recording.line_with("try { result = deep"));
}

#ifdef WITH_RUST
TEST(FrameEnds, ByUnwindingWhenAPanicIsCaught) {
  const RecordingJson recording = recorded("panic");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  EXPECT_THAT(ended_by(recording, "fails"), ElementsAre("unwind", "unwind", "unwind"));
  EXPECT_THAT(ended_by(recording, "drop"), ElementsAre("return", "return", "return"));
  EXPECT_THAT(ended_by(recording, "main"), ElementsAre("return"));
}
#endif

TEST(FrameEnds, ByALongJumpThatLandsOnTheCallsOwnLine) {
  const RecordingJson recording = recorded("longjmp");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  EXPECT_THAT(ended_by(recording, "jumper"), ElementsAre("longjmp", "longjmp", "longjmp"));
  EXPECT_THAT(recording.steps_with("return", "jumper"), IsEmpty());
  const Items jumpers = recording.frames_of("jumper");
  for (const Json* frame : jumpers) EXPECT_EQ(frame->at("died"), jumpers.front()->at("died"));
  EXPECT_THAT(ended_by(recording, "jump"), ElementsAre("return"));
  EXPECT_EQ(recording.text_at(recording.variable("main", "landed"),
                              recording.frame_of("main").at("died").get<int>() - 1),
            "7");
}

TEST(FrameEnds, OfASignalHandlerIsAReturnOnEitherStack) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{}, {"alternate"}}) {
    const RecordingJson recording = recorded("signals", arguments);
    EXPECT_THAT(step_problems(recording), IsEmpty());
    EXPECT_THAT(slot_problems(recording), IsEmpty());
    const Json& handler = recording.frame_of("on_signal");
    EXPECT_EQ(handler.at("ended_by"), "return");
    EXPECT_EQ(handler.at("signal_handler"), true);
    EXPECT_TRUE(alive_at(recording.frame_of("main"), handler.at("born")));
    ASSERT_THAT(recording.steps_with("signal"), SizeIs(1));
    EXPECT_EQ(recording.steps_with("signal").at(0)->at("event").at("name"), "SIGUSR1");
    EXPECT_THAT(recording.steps_with("call", "on_signal"), SizeIs(1));
    EXPECT_EQ(recording.high_of(handler) > recording.high_of(recording.frame_of("main")), false);
    EXPECT_EQ(recording.text_at(recording.variable("on_signal", "number"), handler.at("born")), "10");
  }
}

TEST(FrameEnds, ByATailCallIntoTheFrameThatTakesItsPlace) {
  const RecordingJson recording = recorded("tail_call");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  const Json &first = recording.frame_of("first"), &second = recording.frame_of("second");
  EXPECT_EQ(first.at("ended_by"), "tail_call");
  EXPECT_EQ(second.at("ended_by"), "return");
  EXPECT_EQ(first.at("died"), second.at("born"));
  EXPECT_EQ(first.at("cfa"), second.at("cfa"));
  EXPECT_EQ(first.at("return_address"), second.at("return_address"));
  EXPECT_EQ(second.at("caller"), first.at("caller"));
}

TEST(FrameEnds, AfterAGrowthThatItsExtentsShow) {
  const RecordingJson recording = recorded("growing");
  EXPECT_THAT(all_problems(recording), IsEmpty());
  const auto grown_by = [&](const char* function) {
    const Json& frame = recording.frame_of(function);
    int most = 0;
    for (const Json& extent : frame.at("extents")) most = std::max(most, extent.at("size").get<int>());
    return most - recording.extent_at(frame, frame.at("born")).at("size").get<int>();
  };
  EXPECT_GE(grown_by("variable_length"), 400);
  EXPECT_GE(grown_by("allocated"), 500);
  EXPECT_EQ(grown_by("main"), 0);
}

TEST(FrameEnds, WithTheirThreadWhenItExitsTwoCallsDeep) {
  const RecordingJson recording = recorded("thread_exit");
  const Json& exited = *recording.steps_with("thread_exit").at(0);
  EXPECT_THAT(recording.frames_of("leave"), SizeIs(2));
  for (const char* function : {"work", "leave"})
    for (const Json* frame : recording.frames_of(function)) {
      EXPECT_EQ(frame->at("died"), exited.at("index"));
      EXPECT_EQ(frame->at("thread"), exited.at("thread"));
    }
  EXPECT_THAT(recording.steps_with("return", "leave"), IsEmpty());
}

}  // namespace
}  // namespace situ::test
