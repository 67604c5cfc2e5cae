#include "process/prologue.h"

#include <gmock/gmock.h>

namespace situ {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::vector<std::pair<std::int64_t, std::int64_t>> junk_of(std::initializer_list<int> code) {
  std::vector<std::byte> bytes;
  for (const int byte : code) bytes.push_back(std::byte(byte));
  return pushed_junk(bytes);
}

TEST(Prologue, PushRaxLeavesJunkInItsEightBytes) {
  EXPECT_THAT(junk_of({0x50}), ElementsAre(Pair(-16, -8)));
}

TEST(Prologue, AConstantStoredOverItIsNoJunk) {
  // push rax; mov dword ptr [rsp + 4], 5
  EXPECT_THAT(junk_of({0x50, 0xc7, 0x44, 0x24, 0x04, 5, 0, 0, 0}), ElementsAre(Pair(-16, -12)));
}

TEST(Prologue, AStoreThroughTheFramePointerCountsToo) {
  // push rbp; mov rbp, rsp; push rax; mov dword ptr [rbp - 4], edi
  EXPECT_THAT(junk_of({0x55, 0x48, 0x89, 0xe5, 0x50, 0x89, 0x7d, 0xfc}), ElementsAre(Pair(-24, -20)));
}

TEST(Prologue, SavedRegistersAreNotJunk) {
  // push rbp; push rbx; push r14; sub rsp, 16
  EXPECT_THAT(junk_of({0x55, 0x53, 0x41, 0x56, 0x48, 0x83, 0xec, 0x10}), IsEmpty());
}

TEST(Prologue, WhatIsNotUnderstoodEndsTheWalk) {
  // push rax; and rsp, -32; push rcx
  EXPECT_THAT(junk_of({0x50, 0x48, 0x83, 0xe4, 0xe0, 0x51}), ElementsAre(Pair(-16, -8)));
  EXPECT_THAT(junk_of({0x50, 0x06}), ElementsAre(Pair(-16, -8)));
}

}  // namespace
}  // namespace situ
