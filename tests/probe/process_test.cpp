// The probe in running programs: what it records, and that the program does not notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "heap/ledger.h"
#include "tests/probe/run_probed.h"

namespace situ {
namespace {

using wire::Trap;

ProbedRun run(const std::vector<std::string>& arguments) {
  return run_probed({.arguments = arguments});
}

testing::AssertionResult exited(int status, int code) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == code) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "wait status " << std::hex << status;
}

TEST(Probe, RecordsEveryCFunctionOnce) {
  const auto result = run({"heap_c_forms"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(story(result.records),
            "malloc 10 -> 1\n"
            "calloc 21 -> 2\n"
            "realloc begins 1 20\n"
            "realloc 1 20 -> 1\n"
            "realloc begins 1 3000\n"
            "realloc 1 3000 -> 3\n"
            "reallocarray 40 -> 4\n"
            "reallocarray begins 4 8\n"
            "reallocarray 4 8 -> 4\n"
            "posix_memalign 100 aligned 64 -> 5\n"
            "aligned_alloc 64 aligned 32 -> 6\n"
            "memalign 5 aligned 128 -> 7\n"
            "valloc 6 -> 8\n"
            "pvalloc 7 -> 9\n"
            "malloc 9223372036854775807 -> none\n"
            "calloc 18446744073709551615 -> none\n"
            "realloc begins 2 9223372036854775807\n"
            "realloc 2 9223372036854775807 -> none\n"
            "reallocarray 18446744073709551615 -> none\n"
            "posix_memalign 8 aligned 3 -> none\n"
            "realloc begins 2\n"
            "realloc 2 -> none\n"
            "realloc 33 -> 10\n"
            "free 10\n"
            "free_sized 4 8\n"
            "free_aligned_sized 6 64 aligned 32\n"
            "free 3\n"
            "free 5\n"
            "free 7\n"
            "free 8\n"
            "free 9\n");
}

TEST(Probe, CallsWhatOperatorsCauseByTheOperatorsNameAndSize) {
  const auto result = run({"heap_cpp_forms"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(story(result.records),
            "new 10 -> 1\ndelete 1\n"
            "new -> 2\ndelete 2\n"
            "new 11 -> 3\ndelete 3\n"
            "new 12 aligned 64 -> 4\ndelete 4 aligned 64\n"
            "new 13 aligned 64 -> 5\ndelete 5 13 aligned 64\n"
            "new 14 aligned 64 -> 6\ndelete 6 aligned 64\n"
            "new[] 20 -> 7\ndelete[] 7\n"
            "new[] 21 -> 8\ndelete[] 8 21\n"
            "new[] 22 -> 9\ndelete[] 9\n"
            "new[] 23 aligned 64 -> 10\ndelete[] 10 aligned 64\n"
            "new[] 24 aligned 64 -> 11\ndelete[] 11 24 aligned 64\n"
            "new[] 25 aligned 64 -> 12\ndelete[] 12 aligned 64\n"
            "malloc 10 -> 13\nfree 13\n");
}

TEST(Probe, LetsExceptionsThroughAndForgetsTheirLabels) {
  const auto result = run({"heap_bad_alloc"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  const auto told = story(result.records);
  EXPECT_THAT(told, testing::StartsWith("new 4611686018427387903 -> none\n"));
  EXPECT_THAT(told, testing::HasSubstr("\nmalloc 24 -> 3\nfree 3\n"));
}

TEST(Probe, LeavesErrnoToTheAllocator) {
  EXPECT_TRUE(exited(run({"heap_errno"}).wait_status, 0));
  EXPECT_TRUE(exited(run_plain({"heap_errno"}, {}).wait_status, 0));
}

class ProbeEnd : public testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(ProbeEnd, LosesNothing) {
  const auto result = run({"heap_end", GetParam().first});
  EXPECT_EQ(story(result.records), "malloc 1 -> 1\nmalloc 2 -> 2\nfree 1\nmalloc 3 -> 3\n");
  EXPECT_EQ(result.wait_status, GetParam().second);
  EXPECT_EQ(result.lost, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, ProbeEnd,
                         testing::Values(std::pair("_exit", 0), std::pair("raw", 0),
                                         std::pair("abort", SIGABRT), std::pair("kill", SIGKILL),
                                         std::pair("fault", SIGSEGV)),
                         [](const auto& which) { return std::string(which.param.first); });

TEST(Probe, KeepsTheOrderOfEachAddressAcrossThreads) {
  const auto result = run({"heap_threads"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(result.lost, 0u);
  Recording recording;
  Ledger ledger(recording);
  std::set<Address> threads;
  std::size_t unknown = 0, made = 0;
  for (const auto& record : result.records) {
    threads.insert(record.thread_pointer);
    const auto change = ledger.apply(record, 0, ThreadId{0});
    if (change && change->unknown_release) ++unknown;
    if (record.op == HeapOp::malloc && record.result) ++made;
  }
  EXPECT_EQ(unknown, 0u);
  EXPECT_EQ(made, 8000u);
  EXPECT_EQ(threads.size(), 5u);
  // What pthread_create asked for stays; every block of the program's is gone.
  for (const auto& [address, block] : ledger.live()) EXPECT_EQ(recording.at(block).by, HeapOp::calloc);
}

TEST(Probe, IsSilentInAForksChild) {
  const auto result = run({"heap_fork"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(story(result.records), "malloc 50 -> 1\nfree 1\n");
}

TEST(Probe, AsksForRoomWhenTheRingIsFull) {
  const auto result = run({"heap_many", "100000"});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(result.lost, 0u);
  ASSERT_EQ(result.records.size(), 200000u);
  EXPECT_THAT(result.traps, testing::ElementsAre(Trap::ring_full, Trap::ring_full, Trap::ring_full));
  for (std::size_t i = 0; i < result.records.size(); ++i) {
    ASSERT_EQ(result.records[i].seq, i);
    ASSERT_EQ(result.records[i].requested, i % 2 == 0 ? i / 2 % 1000 + 1 : 0);
  }
}

TEST(Probe, TrapsWhereTheContentsCanStillBeRead) {
  std::vector<std::uint64_t> words;
  const auto result = run_probed(
      {.arguments = {"heap_c_forms"}, .trapping = Ring::Trapping::on, .at_trap = [&](const TrapStop& stop) {
         ASSERT_TRUE(stop.record);
         // Behind the probe's caller's return address nothing is known here; the
         // trap itself has the probe's function as its caller.
         EXPECT_TRUE(stop.word({stop.rsp}) > wire::probe_base);
         if (stop.trap.kind == Trap::before_release) words.push_back(stop.word(stop.record->argument - 8));
       }});
  EXPECT_TRUE(exited(result.wait_status, 0));
  using enum Trap;
  const std::vector<Trap> expected = {after_allocation, after_allocation,                 // malloc, calloc
                                      before_realloc,   after_realloc,                    // in place
                                      before_realloc,   after_realloc,                    // moved
                                      after_allocation, before_realloc,   after_realloc,  // reallocarray
                                      after_allocation, after_allocation, after_allocation, after_allocation,
                                      after_allocation,                  // aligned forms
                                      before_realloc,   after_realloc,   // failed
                                      before_realloc,   after_realloc,   // released
                                      after_allocation, before_release,  // realloc(NULL)
                                      before_release,   before_release,   before_release,   before_release,
                                      before_release,   before_release,   before_release};
  EXPECT_EQ(result.traps, expected);
  for (const auto word : words) EXPECT_NE(word & ~std::uint64_t{7}, 0u);  // still a chunk's header
}

TEST(Probe, KnowsGlibcsHeaderAndUsableSize) {
  const auto result = run({"heap_end"});
  ASSERT_GE(result.records.size(), 2u);
  EXPECT_EQ(result.records[0].usable, 24u);
  EXPECT_EQ(result.records[0].header & ~std::uint64_t{7}, 32u);
}

TEST(Probe, LeavesEveryAddressOfTheProgramWhereItWas) {
  const auto plain = run_plain({"heap_addresses"}, {});
  const auto probed = run({"heap_addresses"});
  EXPECT_FALSE(plain.output.empty());
  EXPECT_EQ(plain.output, probed.output);
}

TEST(Probe, OnlyForwardsWhereThereIsNoRing) {
  const auto result = run_plain({"heap_cpp_forms"}, {"LD_PRELOAD=" SITU_PROBE});
  EXPECT_TRUE(exited(result.wait_status, 0));
}

TEST(Probe, FindsOperatorNewOfALibraryThatACProgramOpened) {
  const auto plain = run_plain({"heap_host", SITU_PLUGIN}, {});
  const auto result = run({"heap_host", SITU_PLUGIN});
  EXPECT_TRUE(exited(result.wait_status, 0));
  EXPECT_EQ(plain.output, result.output);  // the next block lies where it does without the probe
  EXPECT_THAT(story(result.records), testing::ContainsRegex("new\\[\\] 321 -> "));
}

}  // namespace
}  // namespace situ
