#include "inspect/stack_snapshot.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

std::vector<std::byte> filled(std::size_t count, int value) {
  return std::vector<std::byte>(count, std::byte(value));
}

TEST(StackSnapshot, TheLiveStackAndItsRedZoneAreReadOnce) {
  MemoryParts memory;
  memory.put({0x10000}, filled(0x2000, 1));
  const StackSnapshot stack(memory, {0x11000}, {{0x10000}, {0x12000}});
  EXPECT_EQ(stack.low(), Address{0x11000 - 128});
  EXPECT_EQ(stack.bytes().size(), 0x1000u + 128);
  EXPECT_EQ(memory.reads, 1);
  EXPECT_TRUE(stack.read_value<std::uint64_t>({0x11ff8}));
  EXPECT_EQ(memory.reads, 1);
}

TEST(StackSnapshot, NoMoreThan64KiBAreRead) {
  MemoryParts memory;
  memory.put({0x10000}, filled(0x20000, 1));
  const StackSnapshot stack(memory, {0x11000}, {{0x10000}, {0x30000}});
  EXPECT_EQ(stack.bytes().size(), 0x10000u + 128);
}

TEST(StackSnapshot, OtherAddressesAreReadFromTheProcess) {
  MemoryParts memory;
  memory.put({0x10000}, filled(0x1000, 1));
  memory.put({0x50000}, filled(16, 2));
  const StackSnapshot stack(memory, {0x10800}, {{0x10000}, {0x11000}});
  EXPECT_EQ(stack.read_value<std::uint8_t>({0x50000}), 2);
  EXPECT_EQ(stack.read_value<std::uint8_t>({0x60000}), std::nullopt);
}

TEST(StackSnapshot, ARedZoneThatReachesBelowTheMappedStackIsCutAtThePage) {
  MemoryParts memory;
  memory.put({0x10000}, filled(0x1000, 1));
  const StackSnapshot stack(memory, {0x10020}, {});
  EXPECT_EQ(stack.low(), Address{0x10000});
  EXPECT_EQ(stack.bytes().size(), 0x1000u);
}

}  // namespace
}  // namespace situ
