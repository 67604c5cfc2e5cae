// Why a traced thread stands still: what waitpid said, decoded once.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <variant>

#include "base/address.h"

namespace situ {

// An int3 the tracer planted. The thread's pc has been put back to `address`.
struct BreakpointHit {
  Address address;
};
// An int3 that stands in the traced program's own code (the probe's traps are such). pc is after it.
struct OwnTrap {
  Address pc;
};
// Before the delivery of a signal that is not ours. resume() with the number delivers it.
struct SignalStop {
  int number = 0;
  siginfo_t info{};
};
// The first stop of a new thread of the traced process.
struct ThreadBorn {
  pid_t creator = 0;
};
// PTRACE_EVENT_EXIT: the thread's last stop, its registers and memory still readable.
struct ThreadExiting {
  int wait_status = 0;  // what waitpid will say for the thread; of the whole process for the last thread
  bool last = false;    // no other thread is left
};
// The loader's list of shared objects changed (dlopen, dlclose): r_debug.r_brk was hit with a consistent
// list.
struct ModulesChanged {};
// A child process came to life and was let go (semantics.md, Never disturbed 7).
struct ChildLetGo {
  pid_t pid = 0;
  enum class By { fork, vfork, clone_vm } by = By::fork;
};
// execve succeeded: a new image. The tracee should be let go (Tracee::detach).
struct ExecDone {};
// The person at the terminal pressed Ctrl-C (or Ctrl-\) a second time; the first belongs to the program.
// Every int3 has been lifted; nothing stands still because of it. Reported once; the caller ends its trace.
struct UserInterrupt {};
// The whole process is gone.
struct ProcessGone {
  int wait_status = 0;
};

struct Stop {
  pid_t tid = 0;
  std::variant<BreakpointHit, OwnTrap, SignalStop, ThreadBorn, ThreadExiting, ModulesChanged, ChildLetGo,
               ExecDone, UserInterrupt, ProcessGone>
      what;
};

}  // namespace situ
