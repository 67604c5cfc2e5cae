#include "unwind/page_cache.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

std::vector<std::byte> pages(std::size_t count, int value) {
  return std::vector<std::byte>(count * 4096, std::byte(value));
}

int read_one(PageCache& cache, const MemoryParts& memory, Address at) {
  std::byte value{};
  return cache.read(memory, at, std::span(&value, 1)) == 1 ? std::to_integer<int>(value) : -1;
}

TEST(PageCache, AConstantPageIsReadOnce) {
  MemoryParts memory;
  memory.put({0x1000}, pages(2, 7));
  PageCache cache;
  cache.set_constant_ranges({{{0x1000}, {0x3000}}});
  EXPECT_EQ(read_one(cache, memory, {0x1000}), 7);
  EXPECT_EQ(read_one(cache, memory, {0x1fff}), 7);
  EXPECT_EQ(memory.reads, 1);
}

TEST(PageCache, OtherMemoryIsReadEachTime) {
  MemoryParts memory;
  memory.put({0x1000}, pages(1, 1));
  PageCache cache;
  cache.set_constant_ranges({{{0x2000}, {0x3000}}});
  EXPECT_EQ(read_one(cache, memory, {0x1000}), 1);
  memory.put({0x1000}, pages(1, 2));
  EXPECT_EQ(read_one(cache, memory, {0x1000}), 2);
}

TEST(PageCache, NewRangesForgetWhatWasKept) {
  MemoryParts memory;
  memory.put({0x1000}, pages(1, 1));
  PageCache cache;
  cache.set_constant_ranges({{{0x1000}, {0x2000}}});
  EXPECT_EQ(read_one(cache, memory, {0x1000}), 1);
  memory.put({0x1000}, pages(1, 2));
  cache.set_constant_ranges({{{0x1000}, {0x2000}}});
  EXPECT_EQ(read_one(cache, memory, {0x1000}), 2);
}

TEST(PageCache, AReadMayRunFromAConstantPageIntoAnother) {
  MemoryParts memory;
  memory.put({0x1000}, pages(1, 1));
  memory.put({0x2000}, pages(1, 2));
  PageCache cache;
  cache.set_constant_ranges({{{0x1000}, {0x2000}}});
  std::vector<std::byte> bytes(16);
  EXPECT_EQ(cache.read(memory, {0x1ff8}, bytes), 16u);
  EXPECT_EQ(bytes[7], std::byte{1});
  EXPECT_EQ(bytes[8], std::byte{2});
}

}  // namespace
}  // namespace situ
