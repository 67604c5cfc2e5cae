// A wait with a time limit that our interrupt ended and that is entered again: it gets the time that is left.
#pragma once

#include <sys/user.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace situ {

struct TimedWait {
  std::uint64_t argument = 0;  // as the call was entered again
  std::chrono::steady_clock::time_point end;
};

// `regs`: of a thread whose call ended with EINTR. Changes the time limit among its arguments to what is left
// at `now`, and keeps in `wait` when the call is to end. It is counted from the first interrupt: the wait may
// end late by what had passed before, never early. epoll_wait and epoll_pwait only: the other calls that end
// so (semtimedop, rt_sigtimedwait, io_getevents) have their time in the program's memory, which is not
// changed.
void shorten_wait(user_regs_struct& regs, std::optional<TimedWait>& wait,
                  std::chrono::steady_clock::time_point now);

}  // namespace situ
