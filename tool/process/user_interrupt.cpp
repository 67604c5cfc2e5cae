#include "process/user_interrupt.h"

#include <sys/ptrace.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace situ {
namespace {

constexpr std::array counted = {SIGINT, SIGQUIT};
volatile std::sig_atomic_t count = 0;
volatile pid_t waited_for = 0;
std::array<struct sigaction, counted.size()> before;
bool counting = false;

void on_interrupt(int) {
  const int saved = errno;
  count = count + 1;
  if (count >= 2 && waited_for != 0) ::ptrace(PTRACE_INTERRUPT, waited_for, 0, 0);
  errno = saved;
}

}  // namespace

void count_user_interrupts(pid_t tracee) {
  count = 0;
  waited_for = tracee;
  if (std::exchange(counting, true)) return;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    struct sigaction action {};
    ::sigaction(counted[i], nullptr, &before[i]);
    if (before[i].sa_handler == SIG_IGN) continue;
    action.sa_handler = on_interrupt;
    ::sigaction(counted[i], &action, nullptr);
  }
}

int user_interrupts() {
  return count;
}

void stop_counting_user_interrupts() {
  waited_for = 0;
  if (!std::exchange(counting, false)) return;
  for (std::size_t i = 0; i < counted.size(); ++i) ::sigaction(counted[i], &before[i], nullptr);
}

}  // namespace situ
