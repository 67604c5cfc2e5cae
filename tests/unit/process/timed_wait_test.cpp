#include "process/timed_wait.h"

#include <asm/unistd_64.h>
#include <gtest/gtest.h>

namespace situ {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::chrono::steady_clock::time_point start{std::chrono::hours(1)};

user_regs_struct call_of(std::uint64_t number, std::uint64_t time) {
  user_regs_struct regs{};
  regs.orig_rax = number;
  regs.r10 = time;
  return regs;
}

std::int32_t time_in(const user_regs_struct& regs) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(regs.r10));
}

TEST(TimedWait, GoesOnWithWhatIsLeftSinceTheFirstInterrupt) {
  for (const std::uint64_t number : {__NR_epoll_wait, __NR_epoll_pwait}) {
    user_regs_struct regs = call_of(number, 1000);
    std::optional<TimedWait> wait;
    shorten_wait(regs, wait, start);
    EXPECT_EQ(time_in(regs), 1000);
    shorten_wait(regs, wait, start + milliseconds(400));
    EXPECT_EQ(time_in(regs), 600);
    shorten_wait(regs, wait, start + milliseconds(700));
    EXPECT_EQ(time_in(regs), 300);
  }
}

TEST(TimedWait, NeverEndsEarlyByAPartOfAMillisecond) {
  user_regs_struct regs = call_of(__NR_epoll_wait, 1000);
  std::optional<TimedWait> wait;
  shorten_wait(regs, wait, start);
  shorten_wait(regs, wait, start + microseconds(400'001));
  EXPECT_EQ(time_in(regs), 600);
}

TEST(TimedWait, ThatIsOverEndsAtOnceAndDoesNotWaitForEver) {
  user_regs_struct regs = call_of(__NR_epoll_wait, 1000);
  std::optional<TimedWait> wait;
  shorten_wait(regs, wait, start);
  shorten_wait(regs, wait, start + milliseconds(5000));
  EXPECT_EQ(time_in(regs), 0);
}

TEST(TimedWait, ANewCallWithTheSameArgumentsHasAllItsTime) {
  user_regs_struct regs = call_of(__NR_epoll_wait, 1000);
  std::optional<TimedWait> wait;
  shorten_wait(regs, wait, start);
  shorten_wait(regs, wait, start + milliseconds(400));
  for (const std::uint64_t time : {1000, 600}) {
    user_regs_struct fresh = call_of(__NR_epoll_wait, time);
    shorten_wait(fresh, wait, start + milliseconds(500));
    EXPECT_EQ(time_in(fresh), static_cast<std::int32_t>(time));
  }
}

TEST(TimedWait, CallsWithoutATimeAndOtherCallsStayAsTheyAre) {
  for (const auto& [number, time] : {std::pair<std::uint64_t, std::uint64_t>{__NR_epoll_wait, 0xffff'ffffULL},
                                     {__NR_epoll_wait, ~std::uint64_t{0}},
                                     {__NR_epoll_wait, 0},
                                     {__NR_epoll_pwait2, 1000},
                                     {__NR_semtimedop, 1000}}) {
    user_regs_struct regs = call_of(number, time);
    std::optional<TimedWait> wait;
    shorten_wait(regs, wait, start);
    EXPECT_EQ(regs.r10, time);
    EXPECT_FALSE(wait);
  }
}

}  // namespace
}  // namespace situ
