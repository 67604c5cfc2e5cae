#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/traced_run.h"

namespace situ {
namespace {

// The traced run with the probe against the run alone: where the whole mmap area's mappings lie.
void expect_same_layout(TraceRequest request) {
  request.program += "proc_layout";
  request.probe = PRELOAD;
  request.at_stop = [](Tracee& tracee, const Stop& stop) {
    if (!std::holds_alternative<ThreadExiting>(stop.what)) return;
    for (const AddressRange& own : Tracee::own_ranges())
      EXPECT_FALSE(own.contains(tracee.state(stop.tid).thread_pointer)) << "static TLS is the program's";
  };
  const Outcome alone = run_alone(request);
  const TracedRun traced = run_traced(request);
  EXPECT_THAT(alone.output, testing::HasSubstr("libc.so.6"));
  EXPECT_EQ(traced.output, alone.output);
  EXPECT_EQ(traced.status, alone.status);
  EXPECT_TRUE(traced.probe_loaded);
  EXPECT_THAT(traced.warnings, testing::Each(testing::HasSubstr("thread-local storage")));
}

// Each length makes the loader's allocator run out of a page elsewhere.
TEST(LoaderMemory, LiesAsUntracedWhateverTheLoaderKeeps) {
  for (std::size_t length = 0; length < 4096; length += 240) {
    SCOPED_TRACE(length);
    expect_same_layout({.environment = {"A=1", "LD_LIBRARY_PATH=/" + std::string(length, 'x')}});
  }
}

TEST(LoaderMemory, LiesAsUntracedForEveryLengthOfTheEnvironment) {
  for (std::size_t length = 0; length < 10'000; length += 1'999) {
    SCOPED_TRACE(length);
    expect_same_layout({.environment = {"A=" + std::string(length, 'x')}});
  }
}

TEST(LoaderMemory, LiesAsUntracedForEveryLengthOfTheProgramsPath) {
  std::string way;
  for (int length = 0; length < 6; ++length) {
    SCOPED_TRACE(length);
    expect_same_layout({.program = way});
    for (int i = 0; i < 100; ++i) way += "./";
  }
}

TEST(LoaderMemory, LiesAsUntracedWithTheUsersOwnPreload) {
  expect_same_layout({.environment = {"A=1", std::string("LD_PRELOAD=") + PLUGIN}});
}

// The same lengths: at some the static TLS is in its place, at others it is not.
TEST(LoaderMemory, SaysExactlyHowFarTheMainThreadsStaticTlsIsFromItsPlace) {
  int moved = 0;
  for (std::size_t length = 0; length < 4096; length += 480) {
    SCOPED_TRACE(length);
    TraceRequest request{.program = "proc_tls",
                         .probe = PRELOAD,
                         .environment = {"A=1", "LD_LIBRARY_PATH=/" + std::string(length, 'x')}};
    const std::string alone = run_alone(request).output;
    const TracedRun traced = run_traced(request);
    ASSERT_THAT(alone, testing::StartsWith("0x"));
    const auto warnings = testing::HasSubstr("at " + traced.output + " instead of " + alone);
    if (traced.output == alone)
      EXPECT_THAT(traced.warnings, testing::IsEmpty());
    else
      EXPECT_THAT(traced.warnings, testing::ElementsAre(warnings));
    moved += traced.output == alone ? 0 : 1;
  }
  RecordProperty("moved", moved);
}

TEST(LoaderMemory, IsNotRehearsedWhereTheLoaderWouldWriteTwice) {
  const TracedRun traced = run_traced(
      {.program = "proc_layout", .probe = PRELOAD, .environment = {"A=1", "LD_DEBUG_OUTPUT=/dev/null"}});
  EXPECT_THAT(traced.warnings, testing::Contains(testing::HasSubstr("may stand elsewhere")));
}

}  // namespace
}  // namespace situ
