// Letting the process go, or ending it.
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"
#include "process/user_interrupt.h"

namespace situ {

// Every thread is brought to a stop, gets back what int3s displaced, and is detached with the signal it was
// about to receive.
void Tracee::Impl::let_go() {
  if (detached_ || end_status_ || pid == 0) return;
  for (auto& [address, site] : sites_) site.wanted = false;
  lift_sites([](const Site&) { return true; });
  const auto detach = [&](TracedThread& thread) {
    const int signal = thread.at == TracedThread::At::signal ? thread.signal : 0;
    registers(thread);
    repair_trap_state(thread);
    if (thread.at == TracedThread::At::interrupted) restart_interrupted_call(thread);
    if (thread.at == TracedThread::At::planted_trap) set_pc(thread, thread.pc);
    if (thread.at != TracedThread::At::exiting) leave_copy(thread);
    ptrace_call(PTRACE_DETACH, thread.tid, 0, static_cast<std::uintptr_t>(signal));
  };
  // A thread in vfork cannot stop before its child lets it go; until then the children are followed.
  while (!end_status_ && !threads_.empty()) {
    for (auto thread = threads_.begin(); thread != threads_.end();) {
      const bool asleep = thread->second.vforking && !thread->second.stands();
      if (!thread->second.stands() && !asleep) {
        ptrace_call(PTRACE_INTERRUPT, thread->first, 0, std::uintptr_t{0});
        const pid_t tid = thread->first;
        await_interrupt(thread->second);
        thread = threads_.lower_bound(tid);
        if (thread == threads_.end() || thread->first != tid) continue;
      }
      if (!thread->second.stands()) {
        ++thread;
        continue;
      }
      detach(thread->second);
      thread = threads_.erase(thread);
    }
    if (threads_.empty()) break;
    const Stop stop = wait();
    const auto* signal = std::get_if<SignalStop>(&stop.what);
    if (std::holds_alternative<ProcessGone>(stop.what)) return;
    resume(stop.tid, signal ? signal->number : 0);
  }
  queue_.clear();
  detached_ = true;
  core_.release();
}

int Tracee::Impl::wait_for_end() {
  let_go();
  if (!end_status_) {
    auto status = wait_for(pid);
    while (status && WIFSTOPPED(*status)) status = wait_for(pid);
    end_status_ = status.value_or(0);
  }
  return *end_status_;
}

Tracee::Impl::~Impl() {
  stop_counting_user_interrupts();
  if (pid == 0 || end_status_ || detached_) return;
  for (const auto& [tid, status] : early_)
    if (tid == pid && !WIFSTOPPED(status)) return;
  ::kill(pid, SIGKILL);
  for (auto& [tid, thread] : threads_)
    if (thread.process == pid && thread.stands()) ptrace_call(PTRACE_CONT, tid, 0, std::uintptr_t{0});
  while (!end_status_) {
    int status = 0;
    const pid_t tid = retry_eintr([&] { return ::waitpid(-1, &status, __WALL); });
    if (tid < 0) return;
    if (WIFSTOPPED(status))
      ptrace_call(PTRACE_CONT, tid, 0, std::uintptr_t{0});
    else if (tid == pid)
      end_status_ = status;
  }
}

}  // namespace situ
