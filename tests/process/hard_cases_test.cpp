#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <functional>

#include "base/error.h"
#include "process/traced_run.h"

namespace situ {
namespace {

using testing::HasSubstr;

void expect_same(const TraceRequest& request, TracedRun* out = nullptr) {
  const Outcome alone = run_alone(request);
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(traced.output, alone.output);
  EXPECT_EQ(traced.status, alone.status);
  if (out) *out = traced;
}

template <class What>
int count_of(const TracedRun& run) {
  int count = 0;
  for (const Stop& stop : run.stops) count += std::holds_alternative<What>(stop.what) ? 1 : 0;
  return count;
}

TEST(Fault, InACopiedInstructionIsSeenAtTheInstructionsOwnAddress) {
  TracedRun traced;
  expect_same({.program = "proc_faults", .every_instruction = true}, &traced);
  EXPECT_THAT(traced.output, HasSubstr("pc load+1\n42 after 1\n"));
  EXPECT_EQ(traced.hits.at("load"), 4);
}

TEST(Exec, FromAThreadEndsTheTraceAndNotTheProgram) {
  TracedRun traced;
  expect_same({.program = "proc_execs", .functions = {"hit"}}, &traced);
  EXPECT_EQ(count_of<ExecDone>(traced), 1);
}

class OwnTraps : public testing::TestWithParam<const char*> {};

TEST_P(OwnTraps, ThatAreTheProbesLeaveMaskAndHandlerAlone) {
  const std::string how = GetParam();
  const TracedRun traced = run_traced({.program = "proc_traps", .arguments = {how}, .hide_own_traps = true});
  EXPECT_EQ(count_of<OwnTrap>(traced), 3);
  const auto has = [&](char letter) { return how.find(letter) != std::string::npos; };
  EXPECT_EQ(traced.output, std::string(has('b') ? "1 " : "0 ") + (has('i')   ? "ignored\n"
                                                                  : has('h') ? "own\n"
                                                                             : "default\n"));
}

TEST_P(OwnTraps, ThatAreTheProgramsEndItAsTheyDoWithoutATracer) {
  expect_same({.program = "proc_traps", .arguments = {GetParam()}});
}

INSTANTIATE_TEST_SUITE_P(States, OwnTraps, testing::Values("-", "b", "i", "h", "bi", "bh"));

TEST(Seccomp, NoSystemCallIsMadeInAProgramThatConfinedItself) {
  bool planted = false;
  TraceRequest request{.program = "proc_confined", .functions = {"hit"}};
  request.at_stop = [&](Tracee& tracee, const Stop& stop) {
    if (!std::holds_alternative<BreakpointHit>(stop.what) || planted || tracee.counts().breakpoints < 5)
      return;
    planted = true;
    const std::string path = target_path("proc_confined");
    const auto symbol = function_symbols(path).at("later");
    std::vector<Address> all;
    for (std::uint64_t i = 0; i < 1; ++i) all.push_back({load_bias(tracee, path) + symbol.value + i});
    EXPECT_TRUE(tracee.plant(all).empty());
    tracee.lift(all);
  };
  expect_same(request);
}

TEST(UserInterrupt, IsToldAfterTheSecondAndLiftsEveryInt3) {
  int hits = 0;
  TraceRequest request{.program = "proc_loops", .functions = {"hit"}};
  request.at_stop = [&](Tracee&, const Stop& stop) {
    if (!std::holds_alternative<BreakpointHit>(stop.what)) return;
    if (++hits == 3 || hits == 7) ::raise(SIGINT);
  };
  const TracedRun traced = run_traced(request);
  EXPECT_EQ(hits, 7);
  EXPECT_EQ(count_of<UserInterrupt>(traced), 1);
  EXPECT_EQ(traced.output, "1000 100\n");
}

LaunchOptions options_for(const std::string& program) {
  LaunchOptions options;
  options.executable = find_executable(target_path(program));
  options.arguments = {options.executable.path};
  return options;
}

TEST(Detach, InTheMiddleLeavesTheProgramRunning) {
  LaunchOptions options = options_for("proc_loops");
  options.arguments.push_back("threads");
  const auto tracee = Tracee::launch(options);
  const Address hit{load_bias(*tracee, options.executable.path) +
                    function_symbols(options.executable.path).at("hit").value};
  tracee->plant(std::span(&hit, 1));
  tracee->resume(tracee->pid());
  for (int hits = 0; hits < 600;) {
    const Stop stop = tracee->wait();
    if (std::holds_alternative<BreakpointHit>(stop.what) && ++hits == 600) break;
    tracee->resume(stop.tid);
  }
  tracee->detach();
  EXPECT_EQ(tracee->wait_for_end(), 0);
}

TEST(Detach, BeforeASignalDeliversIt) {
  LaunchOptions options = options_for("proc_ends");
  options.arguments.push_back("term");
  const auto tracee = Tracee::launch(options);
  tracee->resume(tracee->pid());
  EXPECT_TRUE(std::holds_alternative<SignalStop>(tracee->wait().what));
  EXPECT_EQ(tracee->wait_for_end(), SIGTERM);
}

TEST(Detach, LeavesASleeperInItsCall) {
  const auto tracee = Tracee::launch(options_for("proc_waits"));
  const std::string path = target_path("proc_waits");
  const Address hit{load_bias(*tracee, path) + function_symbols(path).at("hit").value};
  tracee->plant(std::span(&hit, 1));
  tracee->resume(tracee->pid());
  for (int hits = 0; hits < 3;) {
    const Stop stop = tracee->wait();
    hits += std::holds_alternative<BreakpointHit>(stop.what) ? 1 : 0;
    if (hits < 3) tracee->resume(stop.tid);
  }
  EXPECT_EQ(tracee->wait_for_end(), 0);  // 1, had the sleeper been woken
}

// The time limit a thread sleeps with in epoll_wait: the fourth argument, once `wanted` says that it is the
// one.
std::uint64_t time_asleep(pid_t pid, pid_t tid, const std::function<bool(std::uint64_t)>& wanted) {
  for (;; ::sched_yield()) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/syscall");
    std::string number;
    std::array<std::string, 4> arguments;
    file >> number >> arguments[0] >> arguments[1] >> arguments[2] >> arguments[3];
    if (number != std::to_string(SYS_epoll_wait)) continue;
    const std::uint64_t time = std::stoull(arguments[3], nullptr, 16);
    if (wanted(time)) return time;
  }
}

TEST(StopOthers, LeavesASleeperNoMoreThanItsTime) {
  LaunchOptions options = options_for("proc_waits");
  options.arguments.push_back("timed");
  const auto tracee = Tracee::launch(options);
  const std::string path = target_path("proc_waits");
  const Address hit{load_bias(*tracee, path) + function_symbols(path).at("hit").value};
  tracee->plant(std::span(&hit, 1));
  tracee->resume(tracee->pid());
  std::optional<Stop> stop;
  while (!std::holds_alternative<BreakpointHit>((stop = tracee->wait())->what)) tracee->resume(stop->tid);
  const pid_t main = stop->tid, sleeper = tracee->threads().back();
  ASSERT_NE(sleeper, main);
  constexpr std::uint64_t given = 600'000;
  time_asleep(main, sleeper, [](std::uint64_t time) { return time == given; });
  tracee->resume_all(tracee->stop_others(main));
  const std::uint64_t again = time_asleep(main, sleeper, [](std::uint64_t time) { return time != given; });
  EXPECT_GT(again & 0xffff'ffffU, 0);
  EXPECT_LE(again & 0xffff'ffffU, given);
  EXPECT_THAT(tracee->stop_others(main), testing::IsEmpty());  // it sleeps as before
  EXPECT_EQ(tracee->wait_for_end(), 0);
}

TEST(Tracee, IsKilledWithItsTracer) {
  LaunchOptions options = options_for("proc_ends");
  options.arguments.push_back("others_sleep");
  pid_t pid = 0;
  {
    const auto tracee = Tracee::launch(options);
    pid = tracee->pid();
    tracee->resume(pid);
    for (int born = 0; born < 2;) {
      const Stop stop = tracee->wait();
      born += std::holds_alternative<ThreadBorn>(stop.what) ? 1 : 0;
      tracee->resume(stop.tid);
    }
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

std::string refusal(const LaunchOptions& options) {
  try {
    Tracee::launch(options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::cannot_trace);
    return error.why + "; " + error.remedy;
  }
  return "launched";
}

TEST(Launch, SaysWhyItCannot) {
  LaunchOptions options = options_for("proc_loops");
  options.working_directory = "/no/such/folder";
  EXPECT_THAT(refusal(options), HasSubstr("cannot change to /no/such/folder"));
  options = options_for("proc_loops");
  options.stdin_file = "/no/such/file";
  EXPECT_THAT(refusal(options), HasSubstr("cannot open /no/such/file"));
  options = options_for("proc_loops");
  options.executable.path = "/no/such/program";
  EXPECT_THAT(refusal(options), HasSubstr("execve failed"));
}

TEST(Launch, GivesInputAndFolder) {
  LaunchOptions options = options_for("proc_loops");
  options.executable = find_executable("sh");
  options.arguments = {"sh", "-c",
                       "read word && [ \"$word\" = root:x:0:0:root:/root:/bin/bash ] && [ \"$PWD\" = / ]"};
  options.stdin_file = "/etc/passwd";
  options.working_directory = "/";
  const auto tracee = Tracee::launch(options);
  tracee->detach();
  EXPECT_EQ(tracee->wait_for_end(), 0);
}

TEST(Launch, MapsWhatIsAskedForWhereItIsAskedFor) {
  LaunchOptions options = options_for("proc_loops");
  const Address shared{0x200'0000'0000}, flags{0x200'0010'0000};
  const int fd = ::memfd_create("ring", MFD_CLOEXEC);
  ASSERT_EQ(::ftruncate(fd, 8192), 0);
  ASSERT_EQ(::pwrite(fd, "seen", 4, 4096), 4);
  options.mappings = {{shared, 8192, true, fd, false, {}}, {flags, 4096, true, -1, true, {std::byte{9}}}};
  const auto tracee = Tracee::launch(options);
  EXPECT_EQ(tracee->read_value<std::uint32_t>(shared + 4096), 0x6e656573u);
  EXPECT_EQ(tracee->read_value<std::uint32_t>(flags), 9u);
  const std::uint32_t value = 7;
  EXPECT_EQ(tracee->write(shared, std::as_bytes(std::span(&value, 1))), sizeof value);
  EXPECT_EQ(tracee->write(flags, std::as_bytes(std::span(&value, 1))), sizeof value);
  std::uint32_t back = 0;
  EXPECT_EQ(::pread(fd, &back, sizeof back, 0), 4);
  EXPECT_EQ(back, value);
  for (const Mapping& mapping : tracee->maps())
    if (mapping.range.low == shared) {
      EXPECT_TRUE(mapping.shared && mapping.writable && !mapping.executable);
    }
  ::close(fd);
}

TEST(ReadMany, StopsEachRangeWhereItsMemoryEnds) {
  const auto tracee = Tracee::launch(options_for("proc_loops"));
  const Address sp = tracee->state(tracee->pid()).registers.sp();
  Address top{};
  for (const Mapping& mapping : tracee->maps())
    if (mapping.path == "[stack]") top = mapping.range.high;
  std::vector<std::byte> first(64), beyond(128), nowhere(16), last(32);
  const Tracee::ReadRequest requests[] = {
      {sp, first}, {top - 100, beyond}, {{0x10}, nowhere}, {sp + 8, last}};
  EXPECT_EQ(tracee->read_many(requests), (std::vector<std::size_t>{64, 100, 0, 32}));
  EXPECT_TRUE(std::equal(last.begin(), last.end(), first.begin() + 8));
}

}  // namespace
}  // namespace situ
