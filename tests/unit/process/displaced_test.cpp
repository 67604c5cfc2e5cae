#include "process/displaced.h"

#include <gtest/gtest.h>

#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

namespace situ {
namespace {

using By = Displaced::By;
constexpr Address at{0x5555'5555'5000};
constexpr Address near{0x5555'5540'0000};
constexpr Address far{0xf1'0000'0000};

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> out;
  for (int value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}

template <class T>
T number_in(const Displaced& plan, std::size_t offset) {
  T value;
  std::memcpy(&value, plan.code.data() + offset, sizeof value);
  return value;
}

struct Kind {
  const char* name;
  std::vector<std::byte> code;
  By by;
};

class Kinds : public testing::TestWithParam<Kind> {};

TEST_P(Kinds, AreExecutedTheirWay) {
  const Displaced plan = displace(GetParam().code, at, near);
  EXPECT_EQ(plan.by, GetParam().by);
  EXPECT_EQ(plan.length, GetParam().code.size());
  if (plan.by == By::copy) {
    EXPECT_GT(plan.code_size, 0);
    EXPECT_EQ(plan.waypoint(0).stands_for, at);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Instructions, Kinds,
    testing::Values(Kind{"endbr64", bytes({0xf3, 0x0f, 0x1e, 0xfa}), By::emulation},
                    Kind{"nop", bytes({0x90}), By::emulation},
                    Kind{"nopl", bytes({0x0f, 0x1f, 0x44, 0, 0}), By::emulation},
                    Kind{"jmp8", bytes({0xeb, 0x10}), By::emulation},
                    Kind{"jmp32", bytes({0xe9, 1, 0, 0, 0}), By::emulation},
                    Kind{"jne8", bytes({0x75, 0x10}), By::emulation},
                    Kind{"ja32", bytes({0x0f, 0x87, 1, 0, 0, 0}), By::emulation},
                    Kind{"push", bytes({0x55}), By::copy}, Kind{"mov", bytes({0x48, 0x89, 0xe5}), By::copy},
                    Kind{"ret", bytes({0xc3}), By::copy}, Kind{"call", bytes({0xe8, 1, 0, 0, 0}), By::copy},
                    Kind{"call_reg", bytes({0x41, 0xff, 0xd4}), By::copy},
                    Kind{"call_got", bytes({0xff, 0x15, 1, 0, 0, 0}), By::copy},
                    Kind{"jmp_got", bytes({0xff, 0x25, 1, 0, 0, 0}), By::copy},
                    Kind{"lea_rip", bytes({0x48, 0x8d, 0x05, 1, 0, 0, 0}), By::copy},
                    Kind{"loop", bytes({0xe2, 0xfe}), By::copy}, Kind{"jrcxz", bytes({0xe3, 0x10}), By::copy},
                    Kind{"syscall", bytes({0x0f, 0x05}), By::copy}, Kind{"int3", bytes({0xcc}), By::copy},
                    Kind{"call_stack", bytes({0xff, 0x54, 0x24, 0x10}), By::single_step},
                    Kind{"call_rsp", bytes({0xff, 0xd4}), By::single_step},
                    Kind{"xbegin", bytes({0xc7, 0xf8, 1, 0, 0, 0}), By::single_step},
                    Kind{"far_call", bytes({0xff, 0x18}), By::single_step}),
    [](const auto& kind) { return std::string(kind.param.name); });

TEST(Displaced, BytesThatAreNoInstructionAreLeftToTheProcessor) {
  EXPECT_EQ(displace(bytes({0x06}), at, near).by, By::single_step);
  EXPECT_EQ(displace(bytes({0x48, 0x8d}), at, near).length, 0);
  EXPECT_EQ(displace({}, at, near).by, By::single_step);
}

TEST(Displaced, AJumpGoesWhereItsDisplacementSays) {
  EXPECT_EQ(displace(bytes({0xeb, 0xfe}), at, near).destination(at, 0), at);
  EXPECT_EQ(displace(bytes({0xe9, 0xfb, 0xff, 0xff, 0xff}), at, near).destination(at, 0), at);
  const Displaced jne = displace(bytes({0x75, 0x10}), at, near);
  EXPECT_EQ(jne.destination(at, 0), at + 0x12);
  EXPECT_EQ(jne.destination(at, 0x40), at + 2);
}

TEST(Displaced, ACallPushesTheOriginalReturnAddressAndCanBeUndoneHalfway) {
  const Displaced plan = displace(bytes({0xe8, 0x10, 0, 0, 0}), at, far);
  ASSERT_EQ(plan.by, By::copy);
  const Address next = at + 5;
  EXPECT_EQ(number_in<std::uint32_t>(plan, 1), static_cast<std::uint32_t>(next.value));
  EXPECT_EQ(number_in<std::uint32_t>(plan, 9), static_cast<std::uint32_t>(next.value >> 32));
  EXPECT_EQ(number_in<std::uint64_t>(plan, 19), (next + 0x10).value);
  EXPECT_EQ(plan.waypoint(5).pushed, 8);
  EXPECT_EQ(plan.waypoint(13).pushed, 8);
  EXPECT_EQ(plan.waypoint(13).stands_for, at);
}

TEST(Displaced, ARipRelativeOperandStaysTheSamePlace) {
  const Displaced plan = displace(bytes({0x48, 0x8d, 0x05, 0x00, 0x10, 0, 0}), at, near);
  ASSERT_EQ(plan.by, By::copy);
  EXPECT_EQ((near + 7).value + static_cast<std::uint64_t>(number_in<std::int32_t>(plan, 3)),
            at.value + 7 + 0x1000);
  const Displaced with_immediate = displace(bytes({0x83, 0x05, 0x00, 0x10, 0, 0, 0x03}), at, near);
  EXPECT_EQ((near + 7).value + static_cast<std::uint64_t>(number_in<std::int32_t>(with_immediate, 2)),
            at.value + 7 + 0x1000);
}

TEST(Displaced, ARipRelativeOperandOutOfReachIsNotCopied) {
  EXPECT_TRUE(needs_near_copy(bytes({0x48, 0x8d, 0x05, 0, 0x10, 0, 0})));
  EXPECT_FALSE(needs_near_copy(bytes({0x55})));
  EXPECT_EQ(displace(bytes({0x48, 0x8d, 0x05, 0, 0x10, 0, 0}), at, far).by, By::single_step);
  EXPECT_EQ(displace(bytes({0xff, 0x15, 1, 0, 0, 0}), at, far).by, By::single_step);
}

TEST(Displaced, APcBehindTheCopiedInstructionStandsForTheNextOne) {
  const Displaced plan = displace(bytes({0x48, 0x89, 0xe5}), at, far);
  EXPECT_EQ(plan.waypoint(3).stands_for, at + 3);
  const Displaced loop = displace(bytes({0xe2, 0x10}), at, far);
  EXPECT_EQ(loop.waypoint(2).stands_for, at + 2);
  EXPECT_EQ(loop.waypoint(16).stands_for, at + 0x12);
}

// Each condition against the processor's own answer.
TEST(Condition, AgreesWithTheProcessor) {
  constexpr std::uint64_t bits[] = {0x001, 0x004, 0x040, 0x080, 0x800};
  for (unsigned combination = 0; combination < 32; ++combination) {
    std::uint64_t flags = 2;
    for (unsigned i = 0; i < 5; ++i)
      if ((combination >> i) & 1) flags |= bits[i];
    unsigned char said[16];
#define SET(n, cc)                                                                           \
  __asm__("lea -128(%%rsp),%%rsp\n\tpush %1\n\tpopf\n\tset" cc " %0\n\tlea 128(%%rsp),%%rsp" \
          : "=q"(said[n])                                                                    \
          : "r"(flags)                                                                       \
          : "cc", "memory")
    SET(0, "o");
    SET(1, "no");
    SET(2, "b");
    SET(3, "ae");
    SET(4, "e");
    SET(5, "ne");
    SET(6, "be");
    SET(7, "a");
    SET(8, "s");
    SET(9, "ns");
    SET(10, "p");
    SET(11, "np");
    SET(12, "l");
    SET(13, "ge");
    SET(14, "le");
    SET(15, "g");
#undef SET
    for (std::uint8_t condition = 0; condition < 16; ++condition)
      EXPECT_EQ(condition_holds(condition, flags), said[condition] != 0) << int{condition} << " " << flags;
  }
}

}  // namespace
}  // namespace situ
