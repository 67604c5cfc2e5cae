#include "render/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "render/story_fold.h"
#include "support/article_recordings.h"

namespace situ {
namespace {

using testing::HasSubstr;
using testing::Not;

// Steps by line number; the file is the same.
std::vector<Step> steps_at(std::initializer_list<std::uint32_t> lines) {
  std::vector<Step> steps;
  for (const auto line : lines) {
    Step step;
    step.index = static_cast<StepIndex>(steps.size());
    step.file = "/w/loop.c";
    step.line = line;
    steps.push_back(step);
  }
  return steps;
}

// "1 (2 3)x4 5": what was folded.
std::string shape(const std::vector<StoryItem>& items, const std::vector<Step>& steps) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += ' ';
    out += item.body.empty() ? std::to_string(steps[item.first].line)
                             : "(" + shape(item.body, steps) + ")x" + std::to_string(item.rounds);
  }
  return out;
}
std::string folded(std::initializer_list<std::uint32_t> lines) {
  const auto steps = steps_at(lines);
  return shape(fold_steps(steps), steps);
}

TEST(StoryFold, FoldsThreeRoundsAndMore) {
  EXPECT_EQ(folded({1, 2, 3, 2, 3, 2, 3, 4}), "1 (2 3)x3 4");
  EXPECT_EQ(folded({1, 2, 3, 2, 3, 4}), "1 2 3 2 3 4");
  EXPECT_EQ(folded({7, 7, 7, 7}), "(7)x4");
  EXPECT_EQ(folded({}), "");
}

TEST(StoryFold, LoopsOfLoopsFoldWhateverTheInnerCount) {
  EXPECT_EQ(folded({1, 2, 2, 2, 3, 1, 2, 2, 2, 2, 3, 1, 2, 2, 2, 3, 9}), "(1 (2)x3 3)x3 9");
}

TEST(StoryFold, StepsOfDifferentCauseFunctionThreadOrFileAreDifferent) {
  const auto with = [](auto change) {
    auto steps = steps_at({1, 1, 1});
    change(steps[1]);
    return shape(fold_steps(steps), steps);
  };
  EXPECT_EQ(with([](Step&) {}), "(1)x3");
  EXPECT_EQ(with([](Step& s) { s.cause = Cause::call; }), "1 1 1");
  EXPECT_EQ(with([](Step& s) { s.function = FunctionId{0}; }), "1 1 1");
  EXPECT_EQ(with([](Step& s) { s.thread = ThreadId{1}; }), "1 1 1");
  EXPECT_EQ(with([](Step& s) { s.file = "/w/other.c"; }), "1 1 1");
}

TEST(StoryFold, KeepsEveryStepOnceInOrder) {
  const auto steps = steps_at({1, 2, 3, 2, 3, 2, 3, 4, 4, 4, 5});
  StepIndex next = 0;
  for (const auto& item : fold_steps(steps)) {
    EXPECT_EQ(item.first, next);
    next = item.last + 1;
  }
  EXPECT_EQ(next, steps.size());
}

struct Told {
  std::string text;
  std::vector<StepIndex> decoded;
};
Told tell(const Recording& recording, const StoryOptions& options) {
  Told told;
  const StorySource source{[&](StepIndex step) {
                             told.decoded.push_back(step);
                             Moment moment;
                             moment.step = step;
                             moment.say = "(picture of step " + std::to_string(step) + ")";
                             return moment;
                           },
                           [](StepIndex step) { return "(sentence of step " + std::to_string(step) + ")"; }};
  tell_story(recording, source, options, [&](std::string_view piece) { told.text += piece; });
  return told;
}

TEST(Story, DecodesOnlyTheStepsItDraws) {
  const Recording recording = article_box_recording();
  EXPECT_EQ(tell(recording, {}).decoded, (std::vector<StepIndex>{1, 2, 5, 6, 7}));
}

TEST(Story, TellsTheArticlesBox) {
  EXPECT_EQ(tell(article_box_recording(), {}).text,
            R"(/tmp/program
addresses not randomised (ASLR off) · Rust · build id 0123456789ab

   0 » start              (sentence of step 0)

 step 1/8  CALL main  box.rs:2                                 heap 0 live, 0 B
     2 │ let x = Box::new(5);
 (picture of step 1)

 step 2/8  ALLOC #1  box.rs:2                                  heap 0 live, 0 B
     2 │ let x = Box::new(5);
 (picture of step 2)

   3 · line   box.rs:3    let y = 34;
   4 · line   box.rs:4    println!("{x} {y}");

 step 5/8  LINE main  box.rs:5                                 heap 0 live, 0 B
     5 │ }
 (picture of step 5)

 step 6/8  FREE #1  box.rs:5                                   heap 0 live, 0 B
     5 │ }
 (picture of step 6)

 step 7/8  RETURN main                                         heap 0 live, 0 B
 (picture of step 7)

   8 ■ exit               (sentence of step 8)

9 steps · 1 call of 1 function · exit status 0
1 block allocated (4 B), 1 freed, none left.
)");
}

TEST(Story, EveryDrawsAllSteps) {
  StoryOptions options;
  options.every = true;
  EXPECT_EQ(tell(article_box_recording(), options).decoded.size(), 9u);
}

TEST(Story, OnlyDrawsTheGivenStepsAndNothingElse) {
  StoryOptions options;
  options.only = {3, 99};
  const Told told = tell(article_box_recording(), options);
  EXPECT_EQ(told.text,
            " step 3/8  LINE main  box.rs:3                                 heap 0 live, 0 B\n"
            "     3 │ let y = 34;\n"
            " (picture of step 3)\n");
}

TEST(Story, FoldedRoundsAreSaidWithTheirLinesAndSteps) {
  RecordingBuilder b;
  article::begin(b);
  for (int i = 0; i < 8; ++i) {
    b.line(4).file = "/w/loop.c";
    b.line(5);
    b.line(6);
  }
  const std::string text = tell(b.recording, {}).text;
  EXPECT_THAT(text, HasSubstr("     … 7 more rounds of lines 4-6, 21 steps\n"));
  EXPECT_THAT(text, HasSubstr("   3 · line   loop.c:6"));
  EXPECT_THAT(text, Not(HasSubstr("   4 · line")));
}

TEST(Story, SaysWhatWasNeverFreedAndWhere) {
  RecordingBuilder b;
  article::begin(b);
  const FunctionId function = b.function("leak::keep", "/w/leak.rs", 3);
  b.step(Cause::call).function = function;
  for (std::uint64_t i = 0; i < 3; ++i) {
    b.alloc(0x5555555b5000 + 64 * i, 40);
    b.recording.blocks.back().stack = {{function, "/w/leak.rs", 4, {}}};
  }
  b.free(BlockId{1});
  EXPECT_THAT(tell(b.recording, {}).text,
              HasSubstr("3 blocks allocated (120 B), 1 freed, 2 never freed (80 B):\n"
                        "    #1 … #3            80 B  allocated in keep leak.rs:4\n"));
}

TEST(Story, NeverHidesWhatIsMissing) {
  Recording recording = article_box_recording();
  recording.program.exit = ExitStatus{.code = {}, .signal = 11};
  recording.program.lost_events = 3;
  recording.program.stopped_early = "the limit of 200000 steps was reached";
  recording.program.warnings = {"thread 2 was not stopped"};
  const std::string text = tell(recording, {}).text;
  EXPECT_THAT(text, HasSubstr("killed by SIGSEGV"));
  EXPECT_THAT(text, HasSubstr("3 heap events lost: what is said about the heap is incomplete."));
  EXPECT_THAT(text, HasSubstr("The recording stops early: the limit of 200000 steps was reached"));
  EXPECT_THAT(text, HasSubstr("Note: thread 2 was not stopped"));
  recording.program.heap_seen = false;
  EXPECT_THAT(tell(recording, {}).text, HasSubstr("The heap was not seen"));
}

TEST(Story, HostileArgumentsCannotReachTheTerminal) {
  Recording recording = article_box_recording();
  recording.program.path = "/tmp/\x1b]0;owned\x07";
  recording.program.warnings = {"\x1b[2J\u202e\u009b"};
  for (const char c : tell(recording, {}).text) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST(StepLine, IsAlignedAndIndentedByDepth) {
  const Recording recording = article_frames_recording();
  EXPECT_EQ(step_line(recording, 2, "", {}), "   2 · line   frames.rs:8    let y = bar(x);");
  EXPECT_EQ(step_line(recording, 3, "main calls bar.", {}), "   3 ▼ call   frames.rs:2      main calls bar.");
  EXPECT_EQ(step_line(recording, 4, "", {}), "   4 · line   frames.rs:3      j + k");
  TextOptions ascii;
  ascii.ascii = true;
  EXPECT_EQ(step_line(recording, 3, "", ascii), "   3 v call   frames.rs:2      bar");
}

}  // namespace
}  // namespace situ
