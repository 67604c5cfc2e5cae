#include "process/syscall_sites.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>

namespace situ {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

TEST(SyscallSites, FindsTheCallBehindTheConstant) {
  EXPECT_THAT(syscall_sites(bytes({0xb8, 14, 0, 0, 0, 0x0f, 0x05, 0xc3}), 14), ElementsAre(5u));
  EXPECT_THAT(syscall_sites(bytes({0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05}), 15), ElementsAre(7u));
}

TEST(SyscallSites, PassesInstructionsThatLeaveTheNumberAlone) {
  EXPECT_THAT(syscall_sites(bytes({0xb8, 14, 0, 0, 0, 0x48, 0x83, 0xec, 0x08, 0x31, 0xd2, 0x0f, 0x05}), 14),
              ElementsAre(11u));
}

TEST(SyscallSites, LeavesOutWhatIsNotThatCall) {
  EXPECT_THAT(syscall_sites(bytes({0xb8, 13, 0, 0, 0, 0x0f, 0x05}), 14), IsEmpty());
  EXPECT_THAT(syscall_sites(bytes({0xb8, 14, 0, 0, 0, 0x31, 0xc0, 0x0f, 0x05}), 14), IsEmpty());
  EXPECT_THAT(syscall_sites(bytes({0xb8, 14, 0, 0, 0, 0xc3, 0x0f, 0x05}), 14), IsEmpty());
  EXPECT_THAT(syscall_sites(bytes({0xb9, 14, 0, 0, 0, 0x0f, 0x05}), 14), IsEmpty());
  EXPECT_THAT(syscall_sites(bytes({0xb8, 14, 0, 0}), 14), IsEmpty());
}

}  // namespace
}  // namespace situ
