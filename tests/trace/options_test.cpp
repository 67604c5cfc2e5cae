// What the options of tracing leave out, and that it is said.
#include "trace/target.h"

namespace situ::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

RecordingJson with(const std::vector<std::string>& options) {
  Recorded run = record_target("recursion", {}, options);
  EXPECT_EQ(run.ran.status, 0) << run.ran.err;
  EXPECT_EQ(run.recording.program().at("exit"), Json({{"code", 0}}));
  EXPECT_EQ(run.recording.steps().back().at("cause"), "exit");
  EXPECT_THAT(step_problems(run.recording), IsEmpty());
  EXPECT_THAT(slot_problems(run.recording), IsEmpty());
  return std::move(run.recording);
}

TEST(Steps, OfCallsHaveNoLines) {
  const RecordingJson recording = with({"--steps", "calls"});
  EXPECT_THAT(frame_problems(recording), IsEmpty());
  EXPECT_THAT(recording.steps_with("line"), IsEmpty());
  EXPECT_THAT(recording.steps_with("call"), SizeIs(6));
  EXPECT_THAT(recording.steps_with("return"), SizeIs(6));
}

TEST(Functions, ThatMatchAreTheOnlyUsers) {
  const RecordingJson recording = with({"--functions", "fact*"});
  EXPECT_THAT(recording.user_frames(), SizeIs(4));
  EXPECT_THAT(recording.frames_of("factorial"), SizeIs(4));
  EXPECT_THAT(recording.steps_with("call"), SizeIs(4));
}

TEST(Exclude, TakesAFunctionOrAFileOut) {
  const RecordingJson recording = with({"--exclude", "help*"});
  EXPECT_THAT(recording.frames_of("helper"), IsEmpty());
  EXPECT_THAT(recording.frames_of("factorial"), SizeIs(4));
  EXPECT_THAT(frame_problems(recording), IsEmpty());
  EXPECT_THAT(with({"--exclude", "*trace_recursion.cpp"}).user_frames(), IsEmpty());
}

TEST(All, MakesLibraryCodeTheUsers) {
  const std::vector<std::string> command = {std::string(SAMPLES) + "/gcc/O0/box"};
  const auto [ran, recording] = record(command, {"--all", "--until", "main"});
  const auto [plain_ran, plain] = record(command, {"--until", "main"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_GE(recording.user_frames().size(), plain.user_frames().size());
  EXPECT_THAT(recording.frames_of("main"), SizeIs(1));
}

TEST(From, BeginsAtAFunctionALineOrAStep) {
  for (const char* place : {"helper", "trace_recursion.cpp:13"}) {
    const RecordingJson recording = with({"--from", place});
    EXPECT_THAT(recording.frames_of("factorial"), IsEmpty()) << place;
    EXPECT_THAT(recording.frames_of("helper"), SizeIs(1)) << place;
    EXPECT_EQ(recording.program().at("stopped_early"), nullptr);
    const Json& first = recording.steps().at(1);
    EXPECT_EQ(first.at("cause"), std::string(place) == "helper" ? "call" : "line");
  }
}

TEST(From, AStepKeepsTheNumbersOfTheWholeRunAndReadsNoMemoryBeforeIt) {
  const RecordingJson whole = with({}), part = with({"--from", "9", "--until", "14"});
  ASSERT_GT(whole.steps().size(), 16);
  ASSERT_THAT(part.steps(), SizeIs(16));  // 0 to 14, and the exit
  for (std::size_t i = 0; i < 15; ++i)
    for (const char* what : {"cause", "function", "line", "sp"})
      EXPECT_EQ(part.steps().at(i).at(what), whole.steps().at(i).at(what)) << i << " " << what;
  EXPECT_EQ(part.list("recorded_from"), 9);
  EXPECT_THAT(part.program().at("warnings").dump(), HasSubstr("--from 9"));
  for (const Json& line : part.list("memory")) EXPECT_GE(line.at("born"), 9);
  for (const Json& pointer : part.list("pointers")) EXPECT_GE(pointer.at("born"), 9);
  const auto result_at = [](const RecordingJson& recording, int step) {
    return recording.value_at(recording.variable("factorial", "n"), step).at("value");
  };
  for (const int step : {9, 14}) EXPECT_EQ(result_at(part, step), result_at(whole, step));
}

TEST(From, AStepAndMaxStepsCountTheStepsFromThere) {
  const RecordingJson recording = with({"--from", "9", "--max-steps", "2"});
  ASSERT_THAT(recording.steps(), SizeIs(12));  // 0 to 10, and the exit
}

TEST(From, APlaceSaysThatItsStepsHaveOtherNumbers) {
  EXPECT_THAT(with({"--from", "helper"}).program().at("warnings").dump(), HasSubstr("other numbers"));
}

TEST(From, AStepThatTheRunDoesNotReachIsSaidToBe) {
  const RecordingJson recording = with({"--from", "5000"});
  EXPECT_THAT(recording.program().at("warnings").dump(), HasSubstr("--from 5000 was never reached"));
  EXPECT_EQ(recording.list("recorded_from"), recording.steps().back().at("index"));
}

TEST(From, TheStoryBeginsAtTheStepWithItsNumber) {
  const std::string program = std::string(TARGETS) + "/trace_recursion";
  const Ran every = run_program({SITU, "run", "--ascii", "--every", "--from", "9", "--", program}),
            at = run_program({SITU, "run", "--ascii", "--from", "9", "--at", "10", "--", program}),
            before = run_program({SITU, "run", "--from", "9", "--at", "8", "--", program}),
            story = run_program({SITU, "run", "--ascii", "--from", "18", "--", program}),
            whole = run_program({SITU, "run", "--ascii", "--at", "10", "--", program});
  EXPECT_THAT(every.out, testing::AllOf(HasSubstr(" step 9/"), Not(HasSubstr(" step 8/"))));
  EXPECT_EQ(at.out, whole.out);
  EXPECT_EQ(before.status, 2);
  EXPECT_THAT(before.err, HasSubstr("9 to"));
  EXPECT_THAT(story.out, testing::AllOf(HasSubstr("CALL helper"), Not(HasSubstr("CALL factorial"))));
}

TEST(Until, AStepBeforeTheFirstIsWrongUsage) {
  const Ran ran = run_program(
      {SITU, "run", "--from", "9", "--until", "8", "--", std::string(TARGETS) + "/trace_recursion"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("--until 8"));
}

// When they were popped nobody saw: their bytes are no longer theirs.
TEST(Until, NoFrameThatWentAfterItIsDrawnAtTheExit) {
  const std::string program = std::string(TARGETS) + "/trace_recursion";
  const Ran ran = run_program({SITU, "run", "--ascii", "--until", "8", "--at", "9", "--", program});
  EXPECT_THAT(ran.out,
              testing::AllOf(HasSubstr("EXIT"), Not(HasSubstr("factorial")), Not(HasSubstr("popped"))));
}

TEST(Until, EndsAtAFunctionALineOrAStepAndSaysSo) {
  const RecordingJson at_function = with({"--until", "helper"}),
                      at_line = with({"--until", "trace_recursion.cpp:13"}), at_step = with({"--until", "5"});
  for (const RecordingJson* recording : {&at_function, &at_line, &at_step})
    EXPECT_THAT(recording->program().at("stopped_early").get<std::string>(), HasSubstr("--until"));
  const auto last = [](const RecordingJson& recording) {
    return recording.steps().at(recording.steps().size() - 2);
  };
  EXPECT_EQ(last(at_function).at("cause"), "call");
  EXPECT_EQ(at_function.name_of(last(at_function).at("function")), "helper");
  EXPECT_EQ(last(at_line).at("line"), 13);
  EXPECT_EQ(last(at_step).at("index"), 5);
}

TEST(MaxSteps, EndTheRecordingAndNotTheProgram) {
  const RecordingJson recording = with({"--max-steps", "4"});
  EXPECT_THAT(recording.steps(), SizeIs(5));  // and the exit
  EXPECT_THAT(recording.program().at("stopped_early").get<std::string>(), HasSubstr("--max-steps 4"));
}

TEST(From, APlaceThatIsNotThereIsWrongUsage) {
  const Ran ran =
      run_program({SITU, "run", "--from", "nothing", "--", std::string(TARGETS) + "/trace_recursion"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("nothing"));
}

TEST(NoMark, LeavesWhatIsNotWrittenUnknown) {
  const RecordingJson marked = with({}), plain = with({"--no-mark"});
  const auto at_birth = [](const RecordingJson& recording) {
    const Json& frame = recording.frame_of("main");
    return recording.value_at(recording.variable("main", "result"), frame.at("born")).at("state");
  };
  EXPECT_EQ(at_birth(marked), "uninitialised");
  EXPECT_EQ(at_birth(plain), "unknown");
  EXPECT_EQ(marked.steps().size(), plain.steps().size());
}

TEST(At, ShowsOnlyThePicturesOfAPlace) {
  const std::string program = std::string(TARGETS) + "/trace_recursion";
  const auto pictures = [&](const std::string& place) {
    const Ran ran = run_program({SITU, "run", "--ascii", "--at", place, "--", program});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  };
  EXPECT_THAT(pictures("helper"), testing::AllOf(HasSubstr("CALL helper"), Not(HasSubstr("CALL factorial"))));
  EXPECT_THAT(pictures("1"),
              testing::AllOf(HasSubstr("step 1/"), HasSubstr("CALL main"), Not(HasSubstr("step 2/"))));
  EXPECT_THAT(pictures("trace_recursion.cpp:13"),
              testing::AllOf(HasSubstr("LINE main"), Not(HasSubstr("CALL"))));
}

}  // namespace
}  // namespace situ::test
