// Runs one of the tests' target programs with the probe preloaded and the ring mapped, traced just enough to
// take the probe's traps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heap/ring.h"

namespace situ {

// A thread standing at a trap of the probe's.
struct TrapStop {
  int tid = 0;
  ProbeTrap trap{};
  std::uint64_t pc = 0, rsp = 0;
  // The record of the trap; empty at ring_full.
  std::optional<ProbeRecord> record;
  std::uint64_t word(Address at) const;  // 8 bytes of the program's memory
};

struct ProbedRun {
  std::vector<ProbeRecord> records;
  std::vector<wire::Trap> traps;
  int wait_status = 0;
  std::uint64_t lost = 0;
  std::string output;  // stdout
};

struct ProbedOptions {
  std::vector<std::string> arguments;  // [0]: a name in SITU_TARGETS
  Ring::Trapping trapping = Ring::Trapping::off;
  std::function<void(const TrapStop&)> at_trap = {};
};
ProbedRun run_probed(const ProbedOptions& options);

// The same program without ptrace, with these entries in its environment: stdout and the wait status.
struct PlainRun {
  std::string output;
  int wait_status = 0;
};
PlainRun run_plain(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);

// "malloc 10 -> 1" / "free 1": blocks by the order in which they appear. Begins behind the block of
// 4242 bytes and its release, where there is one.
std::string story(const std::vector<ProbeRecord>& records);

}  // namespace situ
