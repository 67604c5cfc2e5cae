// Signal handlers on a stack of their own (sigaltstack), wherever that lies.
#include <sstream>

#include "trace/target.h"

namespace situ::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

struct Where {
  const char* place;
  int thread;
};

class AlternateStack : public testing::TestWithParam<Where> {
 protected:
  static Recorded recorded() {
    std::vector<std::string> arguments = {GetParam().place};
    if (GetParam().thread != 0) arguments.emplace_back("thread");
    Recorded run = record_target("alternate", arguments);
    EXPECT_EQ(run.recording.program().at("exit"), Json({{"code", 0}}));
    return run;
  }
  static const Json& region_of(const RecordingJson& recording) {
    for (const Json& region : recording.list("regions"))
      if (region.at("kind") == "alternate_stack") return region;
    throw std::out_of_range("no alternate stack");
  }
};

INSTANTIATE_TEST_SUITE_P(Places, AlternateStack,
                         testing::Values(Where{"static", 0}, Where{"heap", 0}, Where{"mapped", 0},
                                         Where{"own", 0}, Where{"static", 1}, Where{"heap", 1},
                                         Where{"mapped", 1}, Where{"own", 1}),
                         [](const auto& where) {
                           return std::string(where.param.place) + (where.param.thread ? "_thread" : "");
                         });

TEST_P(AlternateStack, IsARegionWithTheBoundsThatSigaltstackWasGiven) {
  const auto [ran, recording] = recorded();
  const Json& region = region_of(recording);
  std::istringstream printed(ran.out);
  std::string low, high;
  printed >> low >> high;
  EXPECT_EQ(region.at("low"), low);
  EXPECT_EQ(region.at("high"), high);
  EXPECT_EQ(region.at("thread"), GetParam().thread);
  EXPECT_THAT(recording.list("threads").at(static_cast<std::size_t>(GetParam().thread)).at("stacks"),
              Contains(region.at("id")));
  EXPECT_EQ(region.at("born"), recording.frame_of("on_signal").at("born"));
}

TEST_P(AlternateStack, HasTheHandlersFramesAndTheThreadsStackHasTheOthers) {
  const RecordingJson recording = recorded().recording;
  EXPECT_THAT(all_problems(recording), IsEmpty());
  const Json& region = region_of(recording);
  for (const char* function : {"on_signal", "inner"})
    EXPECT_EQ(recording.frame_of(function).at("stack"), region.at("id")) << function;
  for (const char* function : {"main", "work", "with_stack_at", "interrupted"})
    EXPECT_NE(recording.frame_of(function).at("stack"), region.at("id")) << function;
}

TEST_P(AlternateStack, LeavesTheInterruptedFramesAlive) {
  const RecordingJson recording = recorded().recording;
  const int handled = recording.frame_of("inner").at("born");
  for (const char* function : {"work", "with_stack_at", "interrupted", "on_signal"}) {
    EXPECT_TRUE(alive_at(recording.frame_of(function), handled)) << function;
    EXPECT_THAT(ended_by(recording, function), ElementsAre("return")) << function;
  }
  // Their bytes are read at the handler's steps too.
  EXPECT_EQ(recording.text_at(recording.variable("interrupted", "before"), handled), "11");
  EXPECT_GE(recording.value_at(recording.variable("interrupted", "before"), handled).at("seen"), handled);
}

TEST_P(AlternateStack, HasASignalFrameOfNoMadeUpSize) {
  const RecordingJson recording = recorded().recording;
  const Json& trampoline =
      recording.list("frames").at(recording.frame_of("on_signal").at("caller").get<std::size_t>());
  EXPECT_EQ(trampoline.at("stack"), region_of(recording).at("id"));
  for (const Json& extent : trampoline.at("extents"))
    EXPECT_LE(extent.at("size").get<std::uint64_t>(), 65536U);
}

}  // namespace
}  // namespace situ::test
