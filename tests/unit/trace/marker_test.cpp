#include "trace/marker.h"

#include <gtest/gtest.h>

#include <cstring>

namespace situ {
namespace {

TEST(MarkPattern, IsFixedPerBuild) {
  EXPECT_EQ(mark_pattern("ab12").bytes, mark_pattern("ab12").bytes);
  EXPECT_NE(mark_pattern("ab12").bytes, mark_pattern("ab13").bytes);
}

TEST(MarkPattern, EightBytesAreNoCanonicalAddressAndFourNoSmallNumber) {
  for (const char* build : {"", "a", "0123456789abcdef"}) {
    const MarkPattern pattern = mark_pattern(build);
    std::uint64_t word;
    std::memcpy(&word, pattern.bytes.data(), 8);
    EXPECT_NE(word >> 47, 0u);
    EXPECT_NE(word >> 47, 0x1ffffu);
    std::int32_t half;
    std::memcpy(&half, pattern.bytes.data(), 4);
    EXPECT_LT(half, -100'000'000);
    EXPECT_EQ(std::count(pattern.bytes.begin(), pattern.bytes.end(), std::byte{0}), 0);
  }
}

}  // namespace
}  // namespace situ
