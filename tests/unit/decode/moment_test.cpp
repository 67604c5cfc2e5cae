#include "decode/moment.h"

#include <gtest/gtest.h>

#include <numeric>

#include "support/article_recordings.h"

namespace situ {
namespace {

const FrameView& frame_named(const Moment& moment, std::string_view title) {
  for (const FrameView& frame : moment.threads.at(0).frames) {
    if (frame.title == title) return frame;
  }
  static const FrameView none;
  ADD_FAILURE() << "no frame " << title;
  return none;
}

const VariableView& variable_named(const FrameView& frame, std::string_view name) {
  for (const VariableView& variable : frame.variables) {
    if (variable.variable->name == name) return variable;
  }
  static const VariableView none;
  ADD_FAILURE() << "no variable " << name;
  return none;
}

TEST(Moment, CallingPushesAFrameAndReturningLeavesAGhostForOneStep) {
  const Recording recording = article_frames_recording();
  Decoder decoder(recording);
  const auto titles = [&](StepIndex step) {
    std::vector<std::string> names;
    const Moment moment = decoder.moment(step);
    for (const FrameView& frame : moment.threads.at(0).frames) {
      names.push_back(frame.title + (frame.ghost ? "~" : ""));
    }
    return names;
  };
  const std::string runtime = "std::rt::lang_start::<()>";
  EXPECT_EQ(titles(2), (std::vector<std::string>{"frames::main", runtime}));
  EXPECT_EQ(titles(3), (std::vector<std::string>{"frames::bar", "frames::main", runtime}));
  EXPECT_EQ(titles(5), (std::vector<std::string>{"frames::bar~", "frames::main", runtime}));
  EXPECT_EQ(titles(6), (std::vector<std::string>{"frames::main", runtime}));
}

TEST(Moment, GoingBackGivesTheSameAsGoingForward) {
  const Recording recording = article_frames_recording();
  Decoder forward(recording), backward(recording);
  std::vector<std::string> there, back;
  for (StepIndex s = 0; s < recording.steps.size(); ++s) {
    const Moment moment = forward.moment(s);
    there.push_back(moment.say + std::to_string(moment.threads.at(0).frames.size()));
  }
  for (auto s = static_cast<StepIndex>(recording.steps.size()); s-- > 0;) {
    const Moment moment = backward.moment(s);
    back.insert(back.begin(), moment.say + std::to_string(moment.threads.at(0).frames.size()));
  }
  EXPECT_EQ(there, back);
}

TEST(Moment, TheSlotsOfEveryFrameAddUpToItsSize) {
  for (const Recording& recording : {article_frames_recording(), article_box_recording()}) {
    Decoder decoder(recording);
    for (StepIndex s = 0; s < recording.steps.size(); ++s) {
      const Moment moment = decoder.moment(s);
      for (const FrameView& frame : moment.threads.at(0).frames) {
        const auto sum = std::accumulate(frame.slots.begin(), frame.slots.end(), std::uint64_t{0},
                                         [](std::uint64_t n, const Slot& slot) { return n + slot.size; });
        EXPECT_EQ(sum, frame.size) << frame.title << " at step " << s;
      }
    }
  }
}

TEST(Moment, AVariableIsUninitialisedThenChangedThenEnded) {
  const Recording recording = article_frames_recording();
  Decoder decoder(recording);
  const auto k = [&](StepIndex step) {
    const Moment moment = decoder.moment(step);
    return variable_named(frame_named(moment, "frames::bar"), "k");
  };
  EXPECT_EQ(k(3).state, VariableState::uninitialised);
  const VariableView written = k(4);
  EXPECT_EQ(written.state, VariableState::live);
  EXPECT_TRUE(written.changed);
  EXPECT_EQ(written.before, std::nullopt);
  EXPECT_EQ(written.value.text, "20");
  EXPECT_EQ(k(5).state, VariableState::ended);
}

TEST(Moment, AParameterIsACopyOfTheVariableTheCallNames) {
  const Recording recording = article_frames_recording();
  Decoder decoder(recording);
  const Moment moment = decoder.moment(3);
  const VariableView& j = variable_named(frame_named(moment, "frames::bar"), "j");
  const VariableView& x = variable_named(frame_named(moment, "frames::main"), "x");
  EXPECT_EQ(j.copy_of, x.id);
  EXPECT_NE(j.place->address, x.place->address);
}

TEST(Moment, CallersStandAtTheLineOfTheirCall) {
  const Recording recording = article_frames_recording();
  Decoder decoder(recording);
  const Moment moment = decoder.moment(4);
  EXPECT_EQ(frame_named(moment, "frames::bar").line, 3u);
  EXPECT_EQ(frame_named(moment, "frames::main").line, 8u);
  EXPECT_TRUE(frame_named(moment, "frames::bar").innermost);
  EXPECT_FALSE(frame_named(moment, "frames::main").innermost);
}

TEST(Moment, ABoxPointsToItsBlockAndTheBlockHoldsTheValue) {
  const Recording recording = article_box_recording();
  Decoder decoder(recording);
  const Moment moment = decoder.moment(4);
  ASSERT_EQ(moment.blocks.size(), 1u);
  EXPECT_EQ(moment.blocks[0].value.text, "5");
  EXPECT_EQ(moment.live_blocks, 1u);
  EXPECT_EQ(moment.live_bytes, 4u);
  ASSERT_EQ(moment.pointers.size(), 1u);
  EXPECT_EQ(moment.pointers[0].state, PointerState::valid);
  EXPECT_EQ(moment.pointers[0].kind, PointerKind::owner);
  EXPECT_EQ(moment.pointers[0].path, "x");
  EXPECT_EQ(moment.pointers[0].to->block, moment.blocks[0].id);
}

TEST(Moment, AFreshBlockHoldsNothingYetAndAFreedOneIsAGhostForOneStep) {
  const Recording recording = article_box_recording();
  Decoder decoder(recording);
  const Moment fresh = decoder.moment(2);
  ASSERT_EQ(fresh.blocks.size(), 1u);
  EXPECT_TRUE(fresh.blocks[0].fresh);
  EXPECT_TRUE(fresh.blocks[0].value.unwritten);
  const Moment freed = decoder.moment(6);
  ASSERT_EQ(freed.blocks.size(), 1u);
  EXPECT_TRUE(freed.blocks[0].ghost);
  EXPECT_EQ(freed.blocks[0].value.text, "5");
  EXPECT_EQ(freed.live_blocks, 0u);
  EXPECT_TRUE(decoder.moment(7).blocks.empty());
}

TEST(Moment, ARecordingMayGrowBetweenCalls) {
  Recording recording = article_box_recording();
  std::vector<Step> rest(recording.steps.begin() + 4, recording.steps.end());
  recording.steps.resize(4);
  Decoder decoder(recording);
  EXPECT_EQ(decoder.moment(3).blocks.size(), 1u);
  recording.steps.insert(recording.steps.end(), rest.begin(), rest.end());
  EXPECT_EQ(decoder.moment(6).blocks.size(), 1u);
  EXPECT_TRUE(decoder.moment(7).blocks.empty());
}

TEST(Narration, TellsEachStepOfTheFirstProgram) {
  const Recording recording = article_frames_recording();
  Decoder decoder(recording);
  EXPECT_EQ(decoder.say(2), "line 8 is about to run: `let y = bar(x);`; x is now 5");
  EXPECT_EQ(decoder.say(3),
            "bar is called with j = 5: 8 bytes are pushed at 0x7fffffffe4a8, 8 more lie below the stack "
            "pointer; j is a copy of main's x");
  EXPECT_EQ(decoder.say(5), "bar returns: its 16 bytes are popped");
  EXPECT_EQ(decoder.say(8), "the program exits with status 0");
}

TEST(Narration, ReturnsTheValueWhereItsTypeIsKnown) {
  Recording recording = article_frames_recording();
  for (Function& function : recording.functions) {
    if (function.name == "frames::bar") function.return_type = TypeId{0};
  }
  Decoder decoder(recording);
  EXPECT_EQ(decoder.return_value(5)->text, "25");
  EXPECT_EQ(decoder.say(5), "bar returns 25: its 16 bytes are popped");
}

TEST(Narration, TellsWhatHappensOnTheHeap) {
  const Recording recording = article_box_recording();
  Decoder decoder(recording);
  EXPECT_EQ(decoder.say(2),
            "4 bytes requested from malloc: block #1 at 0x5555555b52a0 (24 usable, chunk 32), for one i32");
  EXPECT_EQ(
      decoder.say(6),
      "x goes out of scope: block #1 (4 bytes at 0x5555555b52a0) is freed by main, line 5; its place of "
      "32 bytes can be used again");
}

}  // namespace
}  // namespace situ
