// A process under ptrace: launched, stopped, read, written, resumed. Everything that is done to the program
// so that it does not notice (semantics.md, "Never disturbed") is behind this interface.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "process/executable.h"
#include "process/maps.h"
#include "process/stop.h"

namespace situ {

enum class Aslr { off, on };

// A mapping made in the tracee at a fixed far address right after exec, before any of the program's code ran.
struct RemoteMapping {
  Address at;
  std::uint64_t size = 0;
  bool writable = false;
  int shared_fd =
      -1;  // >= 0: MAP_SHARED of this descriptor of the tracer (left open only in the tracer); -1: anonymous
  bool wipe_on_fork = false;       // MADV_WIPEONFORK: a fork's child reads zeros
  std::vector<std::byte> initial;  // anonymous ones: the first bytes, written before any code runs
};

struct LaunchOptions {
  Executable executable;
  std::vector<std::string> arguments;    // argv, [0] included
  std::vector<std::string> environment;  // "NAME=VALUE"
  std::optional<std::string> stdin_file;
  std::optional<std::string> working_directory;
  Aslr aslr = Aslr::off;
  std::string probe;  // the library to preload; empty: none
  std::vector<RemoteMapping> mappings;
};

// Counts for `--stats`, all since launch.
struct TraceCounts {
  std::uint64_t stops = 0;         // waitpid results handled
  std::uint64_t breakpoints = 0;   // hits of planted int3s
  std::uint64_t single_steps = 0;  // displaced instructions that had to be single-stepped
  std::uint64_t sites = 0;         // addresses with an int3
  std::uint64_t sites_single_stepped = 0;
  std::uint64_t out_of_line = 0, emulated = 0;  // sites by way of execution
};

// What every thread's kernel-side state says at a stop.
struct ThreadState {
  Registers registers;
  Address thread_pointer;  // fs_base
  std::uint64_t flags = 0;
  std::uint64_t original_rax = 0;
};

class Tracee : public MemoryReader {
 public:
  // Runs the program and returns with it standing at AT_ENTRY: loader and shared libraries' initialisers
  // done, the executable's own not, environment as the user gave it. Static programs: at their entry point.
  // Throws Error{cannot_trace} with a remedy. A refused personality() (ASLR off) is a warning.
  static std::unique_ptr<Tracee> launch(const LaunchOptions& options);
  // Where far mappings of the tracer's own stand in every tracee: nothing there is the program's.
  static std::vector<AddressRange> own_ranges();
  ~Tracee() override;  // kills the process if it is still traced
  Tracee(const Tracee&) = delete;

  pid_t pid() const;
  const std::vector<std::string>& warnings() const;
  bool probe_loaded() const;  // mapped, and at its preferred base
  bool aslr_is_off() const;

  // Waits for the next stop of any thread. Threads that are not stopped run on.
  Stop wait();
  // Lets `tid` go on, delivering `signal` (0: none). A thread that stands on a planted int3 executes the
  // displaced instruction first (out of line, emulated, or at last single-stepped).
  void resume(pid_t tid, int signal = 0);
  // Stops the other threads (at most `limit`; none that is still in the blocking system call it was already
  // seen in), returns those now standing still; they must be given back with resume_all. Stops that happen
  // meanwhile are queued for wait().
  std::vector<pid_t> stop_others(pid_t tid, std::size_t limit = 16);
  void resume_all(const std::vector<pid_t>& tids);

  ThreadState state(pid_t tid) const;  // one PTRACE_GETREGS, cached until the thread is resumed
  std::vector<pid_t> threads() const;
  std::string thread_name(pid_t tid) const;

  // Memory: one system call each. What planted int3s displaced is shown as it was.
  std::size_t read(Address from, std::span<std::byte> into) const override;
  // Several ranges in one process_vm_readv (falls back to /proc/PID/mem); returns bytes read of each.
  struct ReadRequest {
    Address from;
    std::span<std::byte> into;
  };
  std::vector<std::size_t> read_many(std::span<const ReadRequest> requests) const;
  // Writes also to read-only pages. Returns bytes written.
  std::size_t write(Address to, std::span<const std::byte> bytes);
  std::vector<Mapping> maps() const;
  std::optional<std::uint64_t> auxv(std::uint64_t type) const;

  // Plants int3s; an address already planted is left as it is. Addresses that are not mapped are skipped and
  // returned.
  std::vector<Address> plant(std::span<const Address> addresses);
  void lift(std::span<const Address> addresses);
  void lift_all();

  // Lets the process run on untraced (after exec, or at the end of the window with nothing more to see) and
  // waits for its end: the wait status.
  void detach();
  int wait_for_end();

  const TraceCounts& counts() const;

 private:
  class Impl;
  explicit Tracee(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace situ
