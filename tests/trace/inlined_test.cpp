// Functions that the compiler put into their callers are frames of their own.
#include "trace/target.h"

namespace situ::test {
namespace {

using testing::IsEmpty;

class Inlined : public testing::TestWithParam<std::string> {
 protected:
  RecordingJson recorded() {
    Recorded run = record_target("inlined_" + GetParam());
    EXPECT_EQ(run.ran.status, 0) << run.ran.err;
    return std::move(run.recording);
  }
};

TEST_P(Inlined, FunctionsAreAChainFromThePhysicalOneToWhatTheyCall) {
  const RecordingJson recording = recorded();
  const Json &main = recording.frame_of("main"), &a = recording.frame_of("a"), &b = recording.frame_of("b"),
             &real = recording.frame_of("real");
  EXPECT_FALSE(main.at("inlined"));
  EXPECT_TRUE(a.at("inlined"));
  EXPECT_TRUE(b.at("inlined"));
  EXPECT_FALSE(real.at("inlined"));
  EXPECT_EQ(a.at("caller"), main.at("id"));
  EXPECT_EQ(b.at("caller"), a.at("id"));
  EXPECT_EQ(real.at("caller"), b.at("id"));
  EXPECT_EQ(a.at("depth"), main.at("depth").get<int>() + 1);
  EXPECT_EQ(b.at("depth"), main.at("depth").get<int>() + 2);
  EXPECT_EQ(real.at("depth"), main.at("depth").get<int>() + 3);
  EXPECT_EQ(a.at("call_site").at("line"), recording.line_with("= a(argc)"));
  EXPECT_EQ(b.at("call_site").at("line"), recording.line_with("= b(x + 1)"));
  EXPECT_EQ(real.at("call_site").at("line"), recording.line_with("= real(y)"));
}

TEST_P(Inlined, FunctionsHaveThePhysicalFramesCfaAndNoBytesOfTheirOwn) {
  const RecordingJson recording = recorded();
  for (const char* name : {"a", "b"}) {
    const Json& frame = recording.frame_of(name);
    EXPECT_EQ(frame.at("cfa"), recording.frame_of("main").at("cfa"));
    EXPECT_EQ(frame.at("return_address"), nullptr);
    EXPECT_THAT(frame.at("extents"), IsEmpty());
    EXPECT_THAT(frame.at("slots"), IsEmpty());
  }
  EXPECT_THAT(frame_problems(recording), IsEmpty());
  EXPECT_THAT(slot_problems(recording), IsEmpty());
}

TEST_P(Inlined, FunctionsEndInsideTheirCallersLives) {
  const RecordingJson recording = recorded();
  const Json &main = recording.frame_of("main"), &a = recording.frame_of("a"), &b = recording.frame_of("b"),
             &real = recording.frame_of("real");
  EXPECT_LE(real.at("died").get<int>(), b.at("died").get<int>());
  EXPECT_LE(b.at("died").get<int>(), a.at("died").get<int>());
  EXPECT_LE(a.at("died").get<int>(), main.at("died").get<int>());
  EXPECT_EQ(a.at("ended_by"), "return");
  EXPECT_EQ(b.at("ended_by"), "return");
}

TEST_P(Inlined, FunctionsOwnTheirVariables) {
  const RecordingJson recording = recorded();
  EXPECT_EQ(recording.variable("a", "inner").at("frame"), recording.frame_of("a").at("id"));
  EXPECT_EQ(recording.variable("b", "y").at("frame"), recording.frame_of("b").at("id"));
  EXPECT_EQ(recording.variable("main", "result").at("frame"), recording.frame_of("main").at("id"));
}

INSTANTIATE_TEST_SUITE_P(Optimisation, Inlined, testing::Values("O0", "O2"));

}  // namespace
}  // namespace situ::test
