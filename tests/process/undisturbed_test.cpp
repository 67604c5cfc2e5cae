#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "process/traced_run.h"

namespace situ {
namespace {

template <class What>
int count_of(const TracedRun& run) {
  int count = 0;
  for (const Stop& stop : run.stops) count += std::holds_alternative<What>(stop.what) ? 1 : 0;
  return count;
}

void expect_same(const TraceRequest& request, TracedRun* out = nullptr) {
  const Outcome alone = run_alone(request);
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(traced.output, alone.output);
  EXPECT_EQ(traced.status, alone.status);
  if (out) *out = traced;
}

TEST(Undisturbed, AddressesEnvironmentAndAffinityAreThoseOfAnUntracedRun) {
  TracedRun traced;
  expect_same({.program = "proc_addresses", .functions = {"hit"}, .probe = PRELOAD}, &traced);
  EXPECT_TRUE(traced.probe_loaded);
  EXPECT_THAT(traced.warnings, testing::IsEmpty());
  EXPECT_EQ(traced.hits.at("hit"), 2);
}

TEST(Undisturbed, AnEmptyEnvironmentLosesTheProbeNotTheProgram) {
  TracedRun traced;
  expect_same({.program = "proc_loops", .probe = PRELOAD, .environment = {}}, &traced);
  EXPECT_FALSE(traced.warnings.empty());
}

TEST(Undisturbed, TheUsersOwnPreloadIsKept) {
  const std::string preload = std::string("LD_PRELOAD=") + PLUGIN;
  bool both = false;
  const TracedRun traced = run_traced({.program = "proc_addresses",
                                       .functions = {"hit"},
                                       .probe = PRELOAD,
                                       .environment = {"A=1", preload},
                                       .at_stop = [&](Tracee& tracee, const Stop&) {
                                         bool probe = false, users = false;
                                         for (const Mapping& mapping : tracee.maps()) {
                                           probe = probe || mapping.path == PRELOAD;
                                           users = users || mapping.path == PLUGIN;
                                         }
                                         both = both || (probe && users);
                                       }});
  EXPECT_TRUE(both);
  EXPECT_THAT(traced.output, testing::HasSubstr(preload + "\n"));
}

class Ends : public testing::TestWithParam<const char*> {};

TEST_P(Ends, WithTheStatusOfTheUntracedRun) {
  TracedRun traced;
  expect_same({.program = "proc_ends", .arguments = {GetParam()}, .functions = {"hit"}}, &traced);
  EXPECT_GE(traced.hits["hit"], 1);
  if (std::string(GetParam()) == "exec") return;
  ASSERT_FALSE(traced.stops.empty());
  EXPECT_TRUE(std::holds_alternative<ProcessGone>(traced.stops.back().what));
  for (const Stop& stop : traced.stops)
    if (const auto* exiting = std::get_if<ThreadExiting>(&stop.what); exiting && exiting->last) {
      EXPECT_EQ(exiting->wait_status & 0xff7f, traced.status & 0xff7f);
    }
}

INSTANTIATE_TEST_SUITE_P(Ways, Ends,
                         testing::Values("return", "exit", "_exit", "abort", "segv", "term", "kill",
                                         "raise_trap", "own_int3", "handled_trap", "thread_exits",
                                         "leader_leaves", "others_sleep", "exec"));

class Children : public testing::TestWithParam<const char*> {};

TEST_P(Children, AreUnhurtByInt3sAndNotRecorded) {
  TracedRun traced;
  expect_same({.program = "proc_children", .arguments = {GetParam()}, .functions = {"hit"}}, &traced);
  EXPECT_EQ(traced.hits.at("hit"), 2);
  EXPECT_EQ(count_of<ChildLetGo>(traced), 1);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Children,
                         testing::Values("fork", "vfork", "vfork_exit", "spawn", "system", "clone_vm"));

class Signals : public testing::TestWithParam<const char*> {};

TEST_P(Signals, MaskAndHandlerOfSigtrapSurviveInt3s) {
  TracedRun traced;
  expect_same({.program = "proc_signals", .arguments = {GetParam()}, .functions = {"hit", "report"}},
              &traced);
  EXPECT_GE(traced.hits.at("hit"), 3);
}

INSTANTIATE_TEST_SUITE_P(States, Signals,
                         testing::Values("plain", "filled", "ignored", "blocked_own", "handler_mask",
                                         "suspend", "timer"));

TEST(Undisturbed, EachCallIsHitOnceAlthoughATimerInterruptsEveryFew) {
  int in_loop = 0;
  const TracedRun traced = run_traced({.program = "proc_signals",
                                       .arguments = {"timer"},
                                       .functions = {"hit", "on_signal"},
                                       .at_stop = [&](Tracee& tracee, const Stop& stop) {
                                         if (!std::holds_alternative<BreakpointHit>(stop.what)) return;
                                         in_loop +=
                                             tracee.state(stop.tid).registers.get(Reg::rdi) == 1u ? 1 : 0;
                                       }});
  EXPECT_EQ(traced.hits.at("on_signal"), count_of<SignalStop>(traced));
  EXPECT_GT(in_loop, 0);
}

TEST(Undisturbed, ASleeperInEpollWaitIsNotWokenByBeingStopped) {
  int stopped = 0;
  TraceRequest request{
      .program = "proc_waits", .functions = {"hit"}, .at_stop = [&](Tracee& tracee, const Stop& stop) {
        if (!std::holds_alternative<BreakpointHit>(stop.what)) return;
        const auto others = tracee.stop_others(stop.tid);
        stopped += static_cast<int>(others.size());
        tracee.resume_all(others);
      }};
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(traced.output, "epoll_wait 1 0\n");
  EXPECT_EQ(traced.hits.at("hit"), 50);
  EXPECT_GE(stopped, 1);
  EXPECT_LE(stopped, 5);  // once it sleeps, it is left alone
}

TEST(Undisturbed, OthersStoppedAtEveryHitLoseNoHit) {
  TraceRequest request{.program = "proc_loops",
                       .arguments = {"threads"},
                       .functions = {"hit"},
                       .at_stop = [&](Tracee& tracee, const Stop& stop) {
                         if (!std::holds_alternative<BreakpointHit>(stop.what)) return;
                         const auto others = tracee.stop_others(stop.tid);
                         for (pid_t tid : others) EXPECT_TRUE(tracee.state(tid).registers.pc());
                         tracee.resume_all(others);
                       }};
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(traced.hits.at("hit"), 2000);
  EXPECT_EQ(traced.output, "2000\n");
}

TEST(Undisturbed, AJobControlStopStopsAndContinues) {
  TracedRun traced;
  expect_same({.program = "proc_stops", .functions = {"hit"}}, &traced);
  EXPECT_THAT(traced.output, testing::HasSubstr("child says 5"));
}

TEST(Threads, AreBornBeforeTheyRunAndExitBeforeTheProcessDoes) {
  const TracedRun traced = run_traced({.program = "proc_loops", .arguments = {"threads"}});
  EXPECT_EQ(count_of<ThreadBorn>(traced), 4);
  EXPECT_EQ(count_of<ThreadExiting>(traced), 5);
  std::vector<pid_t> alive;
  for (const Stop& stop : traced.stops) {
    if (std::holds_alternative<ThreadBorn>(stop.what)) alive.push_back(stop.tid);
    if (const auto* exiting = std::get_if<ThreadExiting>(&stop.what)) {
      EXPECT_EQ(exiting->last, std::erase(alive, stop.tid) == 0 && alive.empty());
    }
  }
}

TEST(Modules, AreToldOfWhenTheListIsConsistent) {
  bool mapped = false;
  const TracedRun traced = run_traced(
      {.program = "proc_loads", .arguments = {PLUGIN}, .at_stop = [&](Tracee& tracee, const Stop& stop) {
         if (!std::holds_alternative<ModulesChanged>(stop.what)) return;
         for (const Mapping& mapping : tracee.maps()) mapped = mapped || mapping.path == PLUGIN;
       }});
  EXPECT_TRUE(mapped);
  EXPECT_EQ(traced.output, "42\n");
  EXPECT_EQ(count_of<ModulesChanged>(traced), 2);
}

TEST(Static, ProgramsRunWithoutTheProbe) {
  TracedRun traced;
  TraceRequest request{
      .program = "proc_instructions_static", .functions = {"kinds", "main"}, .probe = PRELOAD};
  expect_same(request, &traced);
  EXPECT_EQ(traced.hits.at("kinds"), 3);
  EXPECT_FALSE(traced.probe_loaded);
}

}  // namespace
}  // namespace situ
