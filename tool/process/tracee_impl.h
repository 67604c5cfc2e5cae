// The inside of Tracee: one object, its subjects in one .cpp each (launch, start, memory, breakpoints,
// copies, resume, wait, births, threads, signal_state, remote_call, loader_memory, end). Used only in this
// room.
#pragma once

#include <sys/ptrace.h>
#include <sys/user.h>

#include <bitset>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "base/unique_fd.h"
#include "process/displaced.h"
#include "process/initial_stack.h"
#include "process/loader_plan.h"
#include "process/timed_wait.h"
#include "process/tracee.h"
#include "process/tracer_core.h"

namespace situ {

// The tracer's own page in the tracee: a syscall instruction, room for arguments, the preload string.
inline constexpr Address scratch_page{0xf0'0000'0000};
inline constexpr Address scratch_data = scratch_page + 64;
inline constexpr Address scratch_text = scratch_page + 512;
// Copies of displaced instructions that may stand anywhere.
inline constexpr Address far_copies{0xf1'0000'0000};
// What the loader would not have mapped without the probe. It is the program's all the same: the main
// thread's static TLS may lie here.
inline constexpr Address loader_memory{0xf2'0000'0000};

// Where one traced thread stands, as far as the tracer knows.
struct TracedThread {
  enum class At {
    running,
    planted_trap,  // at an int3 of ours, pc not yet put back
    own_trap,      // at an int3 of the program's
    signal,        // before a signal's delivery
    interrupted,   // PTRACE_EVENT_STOP: by us, or its first stop
    event,         // inside a system call (clone, fork, vfork)
    exiting,       // PTRACE_EVENT_EXIT
    listening,     // group-stopped (SIGSTOP and its kin)
  };
  // The system call a thread was found sleeping in.
  struct Sleep {
    std::string call;                    // /proc/PID/task/TID/syscall
    std::optional<std::uint64_t> turns;  // times it had been scheduled, once seen asleep again
    bool operator==(const Sleep&) const = default;
  };
  // A hit that was reported before a signal handler ran in front of the displaced instruction.
  struct Repeat {
    Address site, sp;
  };

  pid_t tid = 0;
  pid_t process = 0;    // thread group: the traced process, or a child that shares its memory
  bool silent = false;  // of such a child: never reported
  At at = At::running;
  bool has_exited = false;     // its PTRACE_EVENT_EXIT was seen
  bool vforking = false;       // cannot be stopped until its child lets it go
  bool queued = false;         // its stop waits in queue_
  bool blocks_trap = false;    // SIGTRAP is in its signal mask (int3s apart)
  bool trap_repaired = false;  // what this stop's int3 did to SIGTRAP has been undone
  int signal = 0;              // at signal: the one about to be delivered
  bool signal_caught = false;  // the signal it is stopped before has a handler
  bool stop_consumed = false;  // a remote call ended the signal stop: a signal must be sent anew
  int redelivered = 0;         // was sent anew: its stop is not reported
  mutable bool registers_known = false;
  mutable user_regs_struct registers{};
  Address pc;  // planted_trap: the int3's address
  std::optional<Repeat> repeat;
  std::optional<Sleep> sleep;
  std::optional<TimedWait> wait;

  bool stands() const { return at != At::running && at != At::listening; }
};

// What one process (thread group) has told the kernel about signals, as far as int3s touch it.
struct SignalActions {
  struct Action {  // struct kernel_sigaction
    std::uint64_t handler = 0, flags = 0, restorer = 0, mask = 0;
  };
  Action trap;                  // SIGTRAP's
  std::bitset<65> blocks_trap;  // signals whose handlers run with SIGTRAP blocked
};

class Tracee::Impl : public MemoryReader {
 public:
  ~Impl() override;

  // launch.cpp, start.cpp
  void launch(const LaunchOptions& options);

  // wait.cpp
  Stop wait();
  // resume.cpp
  void resume(pid_t tid, int signal);
  // threads.cpp
  std::vector<pid_t> stop_others(pid_t tid, std::size_t limit);
  void resume_all(const std::vector<pid_t>& tids);
  ThreadState state(pid_t tid) const;
  std::vector<pid_t> threads() const;
  std::string thread_name(pid_t tid) const;
  // memory.cpp
  std::size_t read(Address from, std::span<std::byte> into) const override;
  std::vector<std::size_t> read_many(std::span<const ReadRequest> requests) const;
  std::size_t write(Address to, std::span<const std::byte> bytes);
  std::vector<Mapping> maps() const;
  std::optional<std::uint64_t> auxv(std::uint64_t type) const;
  // breakpoints.cpp
  std::vector<Address> plant(std::span<const Address> addresses);
  void lift(std::span<const Address> addresses);
  void lift_all();
  // end.cpp
  void let_go();
  int wait_for_end();

  pid_t pid = 0;
  std::vector<std::string> warnings;
  bool probe_loaded = false;
  bool aslr_is_off = false;
  TraceCounts counts;

 private:
  enum class Role { none, entry, loader_state, loader_mapping, mask_call, action_call, signal_return };
  enum class LoaderWatch { none, recorded, aligned };
  enum class Standard { streams, nothing };  // the program's standard input and outputs
  struct Site {
    std::byte original{};
    bool wanted = false;  // by the caller; else only for `role`
    Role role = Role::none;
    Displaced displaced;
    Address copy;  // where the copy stands, when there is one
  };
  struct Copy {
    Address site;
    Displaced displaced;
  };
  struct CopyChunk {
    Address at;
    std::uint64_t size = 0, used = 0;
  };
  using Sites = std::map<Address, Site>;

  // launch.cpp
  void start(const LaunchOptions& options, Standard standard);
  void spawn(const LaunchOptions& options, Standard standard);
  // start.cpp
  void settle_after_exec();
  void prepare_image(const LaunchOptions& options);
  void watch_loader(const LaunchOptions& options);
  void run_to_entry(const LaunchOptions& options);
  void put_environment_back();
  void check_probe(const std::string& probe);
  bool loader_is_consistent() const;
  void on_loader_state(TracedThread& thread);
  // loader_memory.cpp
  void plan_loader_memory(const LaunchOptions& options);
  std::optional<std::vector<LoaderMapping>> rehearse(const LaunchOptions& options);
  void align_loader_memory();
  bool watch_loader_memory();
  void on_loader_mapping(TracedThread& thread);
  bool map_placeholders(TracedThread& thread, const std::vector<std::uint64_t>& sizes);
  void finish_loader_memory(TracedThread& thread);
  void warn_of_moved_blocks();
  void compare_thread_pointer(const TracedThread& thread);
  // remote_call.cpp
  bool may_call(const TracedThread& thread) const;
  TracedThread* callable_thread();
  // The kernel's answer (negative: -errno); nullopt when the thread ended meanwhile. The thread is
  // `interrupted` afterwards, its registers and mask as before.
  std::optional<std::int64_t> call(TracedThread& thread, Address instruction, long number,
                                   std::array<std::uint64_t, 6> arguments);
  std::optional<int> continue_until(TracedThread& thread, __ptrace_request how,
                                    const std::function<bool(int)>& reached);
  std::int64_t call_or_fail(TracedThread& thread, Address instruction, long number,
                            std::array<std::uint64_t, 6> arguments, const char* what);
  void map_remote(TracedThread& thread, const RemoteMapping& mapping);
  // memory.cpp
  void open_memory();
  std::size_t read_raw(Address from, std::span<std::byte> into) const;
  std::size_t write_raw(Address to, std::span<const std::byte> bytes) const;
  void show_originals(Address from, std::span<std::byte> bytes) const;
  // breakpoints.cpp
  void write_copies();
  std::vector<Address> plant_as(std::span<const Address> addresses, Role role);
  void lift_sites(const std::function<bool(const Site&)>& which);
  void restore_bytes(std::span<const Address> addresses, int memory_fd) const;
  void drop_unmapped_sites();
  Site* find_site(Address address);
  // copies.cpp
  void prepare_copy(Address address, std::span<const std::byte> bytes, Site& site, std::size_t wanted);
  std::optional<Address> take_copy_place(std::optional<Address> near, std::size_t wanted);
  std::optional<Address> map_chunk(std::optional<Address> near, std::uint64_t size);
  std::vector<Address> chunk_candidates(std::optional<Address> near, std::uint64_t size) const;
  std::optional<Displaced::Waypoint> waypoint(Address pc) const;
  // resume.cpp
  void go_on(TracedThread& thread, int signal);
  void execute_displaced(TracedThread& thread);
  void single_step(TracedThread& thread, Site& site);
  void leave_copy(TracedThread& thread);
  void set_pc(TracedThread& thread, Address pc);
  // wait.cpp
  std::optional<Stop> on_status(pid_t tid, int status);
  std::optional<Stop> on_end(pid_t tid, int status);
  std::optional<Stop> on_event(TracedThread& thread, int event, int signal);
  std::optional<Stop> on_trap(TracedThread& thread);
  std::optional<Stop> on_planted(TracedThread& thread, Address address, Site& site);
  std::optional<Stop> on_signal(TracedThread& thread, int signal);
  std::optional<Stop> on_event_stop(TracedThread& thread, int signal);
  std::optional<Stop> on_exec(TracedThread& thread);
  std::optional<Stop> on_exiting(TracedThread& thread);
  // births.cpp
  std::optional<Stop> on_birth(TracedThread& creator);
  bool await_first_stop(pid_t tid);
  void let_fork_child_go(pid_t child);
  void forget_process(pid_t process);
  // threads.cpp
  const user_regs_struct& registers(const TracedThread& thread) const;
  bool sleeps_as_before(TracedThread& thread) const;
  bool await_interrupt(TracedThread& thread);
  void restart_interrupted_call(TracedThread& thread);
  // signal_state.cpp
  void read_initial_signal_state(TracedThread& thread);
  void watch_signal_calls();
  void note_mask_call(TracedThread& thread);
  void note_action_call(TracedThread& thread);
  void note_signal_return(TracedThread& thread);
  void note_signal_stop(TracedThread& thread, int signal);
  void note_delivery(TracedThread& thread, int signal);
  void repair_trap_state(TracedThread& thread);

  TracedThread* find_thread(pid_t tid);
  const TracedThread* find_thread(pid_t tid) const;

  UniqueFd memory_;  // /proc/PID/mem
  mutable bool vector_reads_refused_ = false;
  std::map<pid_t, TracedThread> threads_;
  std::map<pid_t, SignalActions> actions_;   // by process
  std::set<pid_t> unclaimed_;                // stopped before their creator's event came
  std::deque<std::pair<pid_t, int>> early_;  // wait statuses that came while waiting for something else
  std::deque<Stop> queue_;                   // stops to be reported by wait()
  Sites sites_;
  Sites retired_;  // lifted: their copies are used again when they are planted again
  std::unordered_map<std::uint64_t, Copy> copies_;  // by where they stand
  std::vector<CopyChunk> chunks_;
  std::vector<std::pair<Address, std::vector<std::byte>>> unwritten_copies_;
  InitialStack initial_;
  std::optional<std::uint64_t> redirected_;  // index of the envp pointer that shows the preload entry
  Address loader_debug_;                     // r_debug in the loader
  std::optional<std::vector<LoaderMapping>> rehearsed_;  // without the probe; while rehearsing: so far
  std::optional<LoaderPlan> loader_plan_;
  Address
      rehearsed_thread_pointer_;  // where the main thread's static TLS ends without the probe; 0: not known
  LoaderWatch loader_watch_ = LoaderWatch::none;
  Address next_loader_memory_ = loader_memory;
  std::string first_seccomp_state_;
  std::string executable_path_;
  bool at_entry_ = false;  // launched: the loader's news are the caller's from now on
  bool detached_ = false;
  bool interrupt_reported_ = false;
  std::optional<int> leader_status_;  // of the leader's own exit, while other threads live
  std::optional<int> end_status_;
  TracerCore core_;
};

// A field of /proc/PID/task/TID/status, without the blanks around it.
std::string status_field(pid_t pid, pid_t tid, std::string_view name);
std::string read_proc_file(const std::string& path);

}  // namespace situ
