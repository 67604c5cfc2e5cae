// Variables that live outside frames.
#include "trace/target.h"

namespace situ::test {
namespace {

using testing::SizeIs;

Items variables_called(const RecordingJson& recording, std::string_view name) {
  Items found;
  for (const Json& variable : recording.list("variables"))
    if (variable.at("frame").is_null() && variable.at("name") == name) found.push_back(&variable);
  return found;
}

class Statics : public testing::Test {
 protected:
  static const RecordingJson& recording() {
    static const Recorded run = record_target("statics");
    EXPECT_EQ(run.ran.status, 0) << run.ran.err;
    return run.recording;
  }
};

TEST_F(Statics, HaveAnAddressInTheExecutable) {
  const Items counter = variables_called(recording(), "counter");
  ASSERT_THAT(counter, SizeIs(1));
  EXPECT_EQ(counter[0]->at("kind"), "static");
  EXPECT_EQ(counter[0]->at("places")[0].at("kind"), "static");
  EXPECT_NE(counter[0]->at("places")[0].at("address"), nullptr);
}

TEST_F(Statics, OfASharedLibraryAreThereToo) {
  const Items calls = variables_called(recording(), "library::calls");
  ASSERT_THAT(calls, SizeIs(1));
  EXPECT_NE(calls[0]->at("places")[0].at("address"), nullptr);
}

TEST_F(Statics, OfAThreadAreOneForEachThread) {
  const Items mine = variables_called(recording(), "mine");
  ASSERT_THAT(mine, SizeIs(2));
  EXPECT_EQ(mine[0]->at("kind"), "thread_local");
  EXPECT_EQ(mine[0]->at("thread"), 0);
  EXPECT_EQ(mine[1]->at("thread"), 1);
  EXPECT_EQ(mine[0]->at("places")[0].at("died"), nullptr);
  EXPECT_NE(mine[1]->at("places")[0].at("died"), nullptr) << "the thread ended";
}

TEST_F(Statics, OfAThreadInASharedLibraryAreFoundThroughTheThreadsTable) {
  const Items own = variables_called(recording(), "library::own");
  ASSERT_THAT(own, SizeIs(2));
  EXPECT_NE(own[0]->at("places")[0].at("address"), own[1]->at("places")[0].at("address"));
}

TEST_F(Statics, KeepAliveWhatTheyPointTo) {
  const Items kept = variables_called(recording(), "kept");
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_TRUE(recording().has_pointer(*kept[0], "valid", recording().block(1)));
}

}  // namespace
}  // namespace situ::test
