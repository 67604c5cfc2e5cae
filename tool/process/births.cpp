// New threads and child processes: who is told, who is traced on, who is let go.
//
//   shares the thread group            a thread: reported at its first stop, before its creator goes on
//   shares the memory (vfork, spawn)   traced on, silently: it meets the int3s that stand in that memory
//   shares nothing (fork)              its copy of the memory is cleaned of int3s, and it is let go
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sched.h>

#include "process/ptrace_call.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::uint64_t clone_call = 56, vfork_call = 58, clone3_call = 435;

std::uint64_t clone_flags(const MemoryReader& memory, const user_regs_struct& regs) {
  switch (regs.orig_rax) {
    case clone_call:
      return regs.rdi;
    case vfork_call:
      return CLONE_VM | CLONE_VFORK;
    case clone3_call:
      return memory.read_value<std::uint64_t>({regs.rdi}).value_or(0);
    default:
      return 0;
  }
}

}  // namespace

// A child stops before its first instruction; it may have done so already.
bool Tracee::Impl::await_first_stop(pid_t tid) {
  if (unclaimed_.erase(tid) != 0) return true;
  const auto status = wait_for(tid);
  if (status) ++counts.stops;
  if (status && WIFSTOPPED(*status) && stop_event(*status) == PTRACE_EVENT_EXIT)
    ptrace_call(PTRACE_CONT, tid, 0, std::uintptr_t{0});  // killed at birth
  return status && is_event_stop(*status);
}

std::optional<Stop> Tracee::Impl::on_birth(TracedThread& creator) {
  creator.at = TracedThread::At::event;
  const std::uint64_t flags = clone_flags(*this, registers(creator));
  const auto child = static_cast<pid_t>(event_message(creator.tid));
  const bool shares_memory = (flags & CLONE_VM) != 0, is_thread = (flags & CLONE_THREAD) != 0;
  if (child == 0 || !await_first_stop(child)) {
    go_on(creator, 0);
    return std::nullopt;
  }
  if (shares_memory) {
    TracedThread& born = threads_[child];
    born = {};
    born.tid = child;
    born.process = is_thread ? creator.process : child;
    born.silent = creator.silent || !is_thread;
    born.at = TracedThread::At::interrupted;
    born.blocks_trap = (signal_mask(child).value_or(0) & signal_bit(SIGTRAP)) != 0;
    if (!is_thread) actions_[child] = actions_[creator.process];
    creator.vforking = (flags & CLONE_VFORK) != 0;
    if (is_thread) go_on(creator, 0);
    if (is_thread && !born.silent) return Stop{child, ThreadBorn{creator.tid}};
    go_on(born, 0);
    if (is_thread) return std::nullopt;
  } else {
    let_fork_child_go(child);
  }
  if (creator.silent) {
    go_on(creator, 0);
    return std::nullopt;
  }
  using By = ChildLetGo::By;
  const By by = !shares_memory ? By::fork : (flags & CLONE_VFORK) != 0 ? By::vfork : By::clone_vm;
  return Stop{creator.tid, ChildLetGo{child, by}};
}

void Tracee::Impl::let_fork_child_go(pid_t child) {
  const UniqueFd memory(::open(fmt::format("/proc/{}/mem", child).c_str(), O_RDWR | O_CLOEXEC));
  std::vector<Address> addresses;
  for (const auto& [address, site] : sites_) addresses.push_back(address);
  if (memory) restore_bytes(addresses, memory.get());
  ptrace_call(PTRACE_DETACH, child, 0, std::uintptr_t{0});
}

void Tracee::Impl::forget_process(pid_t process) {
  std::erase_if(threads_, [&](const auto& entry) { return entry.second.process == process; });
  actions_.erase(process);
}

}  // namespace situ
