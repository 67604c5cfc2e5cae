#include "process/timed_wait.h"

#include <asm/unistd_64.h>

#include <algorithm>

namespace situ {
namespace {

// The kernel takes the time as an int (fs/eventpoll.c): what stands above it tells a call that was entered
// again from a new one with the same arguments, whose code sets the whole register.
constexpr std::uint64_t entered_again = 0x7369'7475ULL << 32;

}  // namespace

void shorten_wait(user_regs_struct& regs, std::optional<TimedWait>& wait,
                  std::chrono::steady_clock::time_point now) {
  using std::chrono::milliseconds;
  const auto given = static_cast<std::int32_t>(static_cast<std::uint32_t>(regs.r10));
  if ((regs.orig_rax != __NR_epoll_wait && regs.orig_rax != __NR_epoll_pwait) || given <= 0) {
    wait.reset();
    return;
  }
  if (!wait || wait->argument != regs.r10) wait = TimedWait{0, now + milliseconds(given)};
  const auto left = std::chrono::ceil<milliseconds>(wait->end - now).count();
  wait->argument = entered_again | static_cast<std::uint64_t>(std::clamp<std::int64_t>(left, 0, given));
  regs.r10 = wait->argument;
}

}  // namespace situ
