// The article on threads: each has its own stack, the heap is one for all of them.
#include <map>
#include <set>

#include "trace/sample.h"

namespace situ::test {
namespace {

class ThreadsClaims : public Sample {};
INSTANTIATE_TEST_SUITE_P(Compiler, ThreadsClaims, testing::ValuesIn(compilers()), compiler_name);

TEST_P(ThreadsClaims, EachThreadHasAStackOfItsOwnWithAGuard) {
  const RecordingJson recording = recorded("threads");
  const Json& threads = recording.list("threads");
  ASSERT_EQ(threads.size(), 2U);
  ASSERT_EQ(threads.at(0).at("stacks").size(), 1U);
  ASSERT_EQ(threads.at(1).at("stacks").size(), 1U);
  const auto stack = [&](std::size_t thread) -> const Json& {
    return recording.list("regions").at(threads.at(thread).at("stacks").at(0).get<std::size_t>());
  };
  EXPECT_EQ(stack(0).at("kind"), "stack");
  EXPECT_EQ(stack(1).at("kind"), "stack");
  EXPECT_TRUE(address_in(stack(1).at("high")) <= address_in(stack(0).at("low")) ||
              address_in(stack(0).at("high")) <= address_in(stack(1).at("low")));
  bool guarded = false;
  for (const Json& region : recording.list("regions"))
    guarded |= region.at("kind") == "guard" && region.at("high") == stack(1).at("low");
  EXPECT_TRUE(guarded);
}

TEST_P(ThreadsClaims, ABlockIsFreedByAnotherThreadThanAllocatedIt) {
  const RecordingJson recording = recorded("threads");
  const int step = recording.frame_of("work").at("born");
  const Json& gift = recording.variable("work", "gift");
  bool found = false;
  for (const Json* block : recording.user_blocks()) {
    if (recording.value_at(gift, step).at("value").at("target") != block->at("address")) continue;
    found = true;
    EXPECT_EQ(block->at("thread"), 0);
    EXPECT_EQ(block->at("freed_by_thread"), 1);
    EXPECT_EQ(recording.text_at(*block, step), "4");
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(recording.block(1).at("freed_by_thread"), 0);
}

TEST_P(ThreadsClaims, NoUserFrameLiesOutsideItsThreadsStack) {
  const RecordingJson recording = recorded("threads");
  ASSERT_FALSE(recording.user_frames().empty());
  for (const Json* frame : recording.user_frames()) {
    if (frame->at("inlined")) continue;
    ASSERT_FALSE(frame->at("stack").is_null()) << *frame;
    const Json& stack = recording.list("regions").at(frame->at("stack").get<std::size_t>());
    EXPECT_EQ(stack.at("thread"), frame->at("thread"));
    const Json& thread = recording.list("threads").at(frame->at("thread").get<std::size_t>());
    EXPECT_THAT(thread.at("stacks"), testing::Contains(frame->at("stack")));
    for (const Json& extent : frame->at("extents")) {
      EXPECT_GE(recording.high_of(*frame) - extent.at("size").get<std::uint64_t>(),
                address_in(stack.at("low")));
      EXPECT_LE(recording.high_of(*frame), address_in(stack.at("high")));
    }
  }
}

TEST_P(ThreadsClaims, OneBlockIsPointedToFromTwoThreadsAtOneStep) {
  const RecordingJson recording = recorded("threads");
  const int step = recording.frame_of("work").at("died").get<int>() - 1;
  std::map<Json, std::set<int>> threads_of;  // by block
  for (const Json& pointer : recording.list("pointers")) {
    const Json& variable =
        pointer.at("from").contains("variable") ? pointer.at("from").at("variable") : Json();
    if (variable.is_null() || !alive_at(pointer, step) || pointer.at("state") != "valid") continue;
    if (!pointer.at("to").is_object() || !pointer.at("to").contains("block")) continue;
    const Json& frame = recording.list("variables").at(variable.get<std::size_t>()).at("frame");
    if (frame.is_null()) continue;
    const Json& thread = recording.list("frames").at(frame.get<std::size_t>()).at("thread");
    threads_of[pointer.at("to").at("block")].insert(thread.get<int>());
  }
  int shared = 0;
  for (const auto& [block, threads] : threads_of) shared += threads == std::set<int>{0, 1} ? 1 : 0;
  EXPECT_EQ(shared, 1);
}

TEST_P(ThreadsClaims, AThreadsLifeIsMarkedByItsSteps) {
  const RecordingJson recording = recorded("threads");
  const Json& worker = recording.list("threads").at(1);
  ASSERT_EQ(recording.steps_with("thread_start").size(), 1U);
  ASSERT_EQ(recording.steps_with("thread_exit").size(), 1U);
  EXPECT_EQ(worker.at("born"), recording.steps_with("thread_start").at(0)->at("index"));
  EXPECT_EQ(worker.at("died"), recording.steps_with("thread_exit").at(0)->at("index"));
  for (const Json& step : recording.steps())
    if (step.at("thread") == 1) {
      EXPECT_LE(worker.at("born"), step.at("index"));
      EXPECT_LE(step.at("index"), worker.at("died"));
    }
}

}  // namespace
}  // namespace situ::test
