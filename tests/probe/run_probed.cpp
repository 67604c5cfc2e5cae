#include "tests/probe/run_probed.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "base/check.h"

namespace situ {
namespace {

constexpr int ring_fd_in_child = 100;

std::string target(const std::string& name) {
  return std::string(SITU_TARGETS) + "/" + name;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Child {
  pid_t pid = 0;
  int output = -1;
};

enum class Traced { no, yes };

Child start(std::vector<std::string> arguments, std::vector<std::string> environment, Traced traced,
            int ring) {
  arguments[0] = target(arguments[0]);
  auto argv = pointers(arguments), envp = pointers(environment);
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const pid_t pid = fork();
  CHECK(pid >= 0);
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    if (ring >= 0) dup2(ring, ring_fd_in_child);
    personality(ADDR_NO_RANDOMIZE);
    if (traced == Traced::yes) ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(ends[1]);
  return {pid, ends[0]};
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  close(fd);
  return text;
}

bool in_probe(std::uint64_t pc) {
  return pc >= wire::probe_base && pc < wire::probe_base + (1 << 20);
}

// One stop of `tid`; what signal to pass on.
int take_stop(pid_t tid, int signal, const ProbedOptions& options, Ring& ring, ProbedRun& run) {
  if (signal == SIGSTOP) return 0;  // a new thread
  if (signal != SIGTRAP) return signal;
  user_regs_struct regs{};
  ptrace(PTRACE_GETREGS, tid, nullptr, &regs);
  if (!in_probe(regs.rip)) return 0;  // exec
  const auto trap = Ring::trap(regs.rdi, regs.rsi);
  CHECK(trap);
  ring.drain(run.records);
  run.traps.push_back(trap->kind);
  TrapStop stop{.tid = tid, .trap = *trap, .pc = regs.rip, .rsp = regs.rsp, .record = std::nullopt};
  const auto found = std::find_if(run.records.rbegin(), run.records.rend(),
                                  [&](const ProbeRecord& record) { return record.seq == trap->seq; });
  if (found != run.records.rend()) stop.record = *found;
  if (options.at_trap) options.at_trap(stop);
  return 0;
}

}  // namespace

std::uint64_t TrapStop::word(Address at) const {
  return static_cast<std::uint64_t>(ptrace(PTRACE_PEEKDATA, tid, at.value, nullptr));
}

ProbedRun run_probed(const ProbedOptions& options) {
  Ring ring;
  ProbedRun run;
  const std::string trap = options.trapping == Ring::Trapping::on ? " 1" : " 0";
  const Child child = start(options.arguments,
                            {"LD_PRELOAD=" SITU_PRELOAD_RING ":" SITU_PROBE,
                             "SITU_TEST_RING=" + std::to_string(ring_fd_in_child) + trap},
                            Traced::yes, ring.fd());
  int status = 0;
  CHECK(waitpid(child.pid, &status, 0) == child.pid && WIFSTOPPED(status));
  ptrace(PTRACE_SETOPTIONS, child.pid, nullptr, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
  ptrace(PTRACE_CONT, child.pid, nullptr, 0);
  for (pid_t tid; (tid = waitpid(-1, &status, __WALL)) > 0;) {
    if (WIFSTOPPED(status)) {
      const int signal = status >> 16 != 0 ? 0 : take_stop(tid, WSTOPSIG(status), options, ring, run);
      ptrace(PTRACE_CONT, tid, nullptr, signal);
    } else if (tid == child.pid) {
      run.wait_status = status;
      break;
    }
  }
  ring.drain(run.records);
  run.lost = ring.lost();
  run.output = read_all(child.output);
  return run;
}

PlainRun run_plain(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
  const Child child = start(arguments, environment, Traced::no, -1);
  PlainRun run;
  run.output = read_all(child.output);
  CHECK(waitpid(child.pid, &run.wait_status, 0) == child.pid);
  return run;
}

std::string story(const std::vector<ProbeRecord>& records) {
  std::string text;
  std::map<Address, int> live;
  int blocks = 0;
  auto from = std::find_if(records.begin(), records.end(),
                           [](const ProbeRecord& record) { return record.requested == 4242; });
  from = from == records.end() ? records.begin() : from + 2;
  for (const auto& record : std::vector<ProbeRecord>(from, records.end())) {
    text += heap_op_name(record.op);
    if (record.phase == HeapPhase::realloc_begin) text += " begins";
    if (record.argument) text += " " + std::to_string(live[record.argument]);
    if (record.requested != 0) text += " " + std::to_string(record.requested);
    if (record.alignment != 0) text += " aligned " + std::to_string(record.alignment);
    if (record.phase == HeapPhase::allocated || record.phase == HeapPhase::realloc_end) {
      const bool stays = record.result && record.result == record.argument;
      if (record.result && !stays) live[record.result] = ++blocks;
      text += record.result ? " -> " + std::to_string(live[record.result]) : " -> none";
    }
    text += "\n";
  }
  return text;
}

}  // namespace situ
