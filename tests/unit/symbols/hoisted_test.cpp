#include "symbols/hoisted.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace situ {
namespace {

bool constants(std::initializer_list<int> bytes) {
  std::vector<std::byte> code;
  for (const int byte : bytes) code.push_back(static_cast<std::byte>(byte));
  return only_stores_constants(code);
}

TEST(OnlyStoresConstants, AcceptsImmediatesInSlots) {
  EXPECT_TRUE(constants({0xc7, 0x44, 0x24, 0x18, 0x22, 0, 0, 0}));           // movl $34, 24(%rsp)
  EXPECT_TRUE(constants({0x48, 0xc7, 0x44, 0x24, 0x68, 3, 0, 0, 0}));        // movq $3, 104(%rsp)
  EXPECT_TRUE(constants({0xc6, 0x84, 0x24, 0x83, 0, 0, 0, 4}));              // movb $4, 131(%rsp)
  EXPECT_TRUE(constants({0x66, 0xc7, 0x44, 0x24, 2, 5, 0}));                 // movw $5, 2(%rsp)
  EXPECT_TRUE(constants({0xc7, 0x04, 0x24, 1, 0, 0, 0, 0xbe, 4, 0, 0, 0}));  // movl $1, (%rsp); mov $4, %esi
}

TEST(OnlyStoresConstants, AcceptsConstantsThroughRegisters) {
  // lea text(%rip), %rax; mov %rax, 96(%rsp)
  EXPECT_TRUE(constants({0x48, 0x8d, 5, 0xe2, 0x34, 0xff, 0xff, 0x48, 0x89, 0x44, 0x24, 0x60}));
  // movsd number(%rip), %xmm0; movsd %xmm0, 112(%rsp)
  EXPECT_TRUE(constants({0xf2, 0x0f, 0x10, 5, 0xb4, 0x34, 0xff, 0xff, 0xf2, 0x0f, 0x11, 0x44, 0x24, 0x70}));
  // xor %eax, %eax; mov %eax, 4(%rsp)
  EXPECT_TRUE(constants({0x31, 0xc0, 0x89, 0x44, 0x24, 4}));
}

TEST(OnlyStoresConstants, RejectsEverythingElse) {
  EXPECT_FALSE(constants({}));
  EXPECT_FALSE(constants({0xe8, 0, 0, 0, 0}));                 // call
  EXPECT_FALSE(constants({0x89, 0x44, 0x24, 4}));              // mov %eax: not known to be constant
  EXPECT_FALSE(constants({0xc7, 0x45, 0xf8, 5, 0, 0, 0}));     // movl $5, -8(%rbp): no slot of rsp
  EXPECT_FALSE(constants({0xc7, 0x00, 5, 0, 0, 0}));           // movl $5, (%rax): memory
  EXPECT_FALSE(constants({0xc7, 0x44, 0x84, 4, 5, 0, 0, 0}));  // movl $5, 4(%rsp,%rax,4)
  EXPECT_FALSE(constants({0x48, 0x8d, 0x44, 0x24, 8}));        // lea 8(%rsp): an address of the frame
  EXPECT_FALSE(constants({0x31, 0xc8}));                       // xor %ecx, %eax
  EXPECT_FALSE(constants({0xc7, 0x44, 0x24, 0x18, 0x22, 0}));  // cut off
  EXPECT_FALSE(constants({0xf2, 0x0f}));
  EXPECT_FALSE(constants({0xc3}));
}

}  // namespace
}  // namespace situ
