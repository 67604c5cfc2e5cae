#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/traced_run.h"

namespace situ {
namespace {

TEST(Breakpoint, IsHitOnceForEachCallInALoop) {
  const TracedRun run = run_traced({.program = "proc_loops", .functions = {"hit"}});
  EXPECT_EQ(run.hits.at("hit"), 1000);
  EXPECT_EQ(run.output, "1000 100\n");
}

TEST(Breakpoint, IsHitOnceForEachRecursiveCall) {
  const TracedRun run = run_traced({.program = "proc_loops", .functions = {"descend"}});
  EXPECT_EQ(run.hits.at("descend"), 101);
}

TEST(Breakpoint, IsNeverMissedByFourThreadsAtOnce) {
  const TracedRun run =
      run_traced({.program = "proc_loops", .arguments = {"threads"}, .functions = {"hit", "many"}});
  EXPECT_EQ(run.hits.at("hit"), 2000);
  EXPECT_EQ(run.hits.at("many"), 4);
  EXPECT_EQ(run.output, "2000\n");
}

TEST(Breakpoint, CostsFourSystemCallsAndNoSingleStep) {
  const TracedRun run = run_traced({.program = "proc_loops", .functions = {"hit"}});
  EXPECT_EQ(run.counts.single_steps, 0u);
  EXPECT_LT(run.counts.stops, 1020u);
}

class EveryInstruction : public testing::TestWithParam<const char*> {};

TEST_P(EveryInstruction, DoesTheSameUnderAnInt3) {
  TraceRequest request{.program = GetParam(), .every_instruction = true};
  const Outcome alone = run_alone(request);
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(traced.output, alone.output);
  EXPECT_EQ(traced.status, alone.status);
  EXPECT_GT(traced.hits.at("kinds"), 200);
}

INSTANTIATE_TEST_SUITE_P(Programs, EveryInstruction,
                         testing::Values("proc_instructions", "proc_instructions_nopie"));

TEST(Breakpoint, WorksAtEveryInstructionOfLibcFunctionsWithAndWithoutAslr) {
  for (const Aslr aslr : {Aslr::off, Aslr::on}) {
    TraceRequest request{.program = "proc_instructions",
                         .every_instruction = true,
                         .libc_functions = {"malloc", "free", "qsort", "qsort_r", "printf", "snprintf",
                                            "getpid", "exit", "fflush"},
                         .aslr = aslr};
    const TracedRun run = run_traced(request);
    EXPECT_EQ(run.output, run_alone(request).output);
    EXPECT_GT(run.hits.at("malloc"), 10);
    EXPECT_GT(run.hits.at("qsort_r"), 50);
    EXPECT_LE(run.counts.sites_single_stepped, 3u);
  }
}

TEST(Breakpoint, LeavesOnlyCallsThroughTheStackToSingleSteps) {
  const TracedRun run = run_traced({.program = "proc_instructions", .every_instruction = true});
  EXPECT_EQ(run.counts.sites_single_stepped, 1u);
  EXPECT_EQ(run.counts.single_steps, 3u);
}

TEST(Breakpoint, IsHiddenFromReadsAndStaysUnderWrites) {
  bool looked = false;
  run_traced(
      {.program = "proc_loops", .functions = {"hit"}, .at_stop = [&](Tracee& tracee, const Stop& stop) {
         const auto* hit = std::get_if<BreakpointHit>(&stop.what);
         if (!hit || looked) return;
         looked = true;
         EXPECT_EQ(tracee.state(stop.tid).registers.pc(), hit->address);
         const auto byte = tracee.read_value<std::byte>(hit->address);
         ASSERT_TRUE(byte.has_value());
         EXPECT_NE(*byte, std::byte{0xcc});
         std::byte again{0xcc};
         const Tracee::ReadRequest request{hit->address, std::span(&again, 1)};
         EXPECT_EQ(tracee.read_many(std::span(&request, 1)), std::vector<std::size_t>{1});
         EXPECT_EQ(again, *byte);
         EXPECT_EQ(tracee.write(hit->address, std::span(&again, 1)), 1u);
       }});
  EXPECT_TRUE(looked);
}

TEST(Breakpoint, ThatIsLiftedWhileAThreadStandsOnItIsGone) {
  int hits = 0;
  const TracedRun run = run_traced(
      {.program = "proc_loops", .functions = {"hit"}, .at_stop = [&](Tracee& tracee, const Stop& stop) {
         if (const auto* hit = std::get_if<BreakpointHit>(&stop.what)) {
           const Address address = hit->address;
           if (++hits == 5) tracee.lift(std::span(&address, 1));
         }
       }});
  EXPECT_EQ(hits, 5);
  EXPECT_EQ(run.output, "1000 100\n");
}

TEST(Breakpoint, AtAnUnmappedAddressIsSkipped) {
  bool looked = false;
  run_traced({.program = "proc_loops", .functions = {"descend"}, .at_stop = [&](Tracee& tracee, const Stop&) {
                if (std::exchange(looked, true)) return;
                const Address nowhere{0x1234'5678'9000};
                EXPECT_THAT(tracee.plant(std::span(&nowhere, 1)), testing::ElementsAre(nowhere));
              }});
  EXPECT_TRUE(looked);
}

}  // namespace
}  // namespace situ
