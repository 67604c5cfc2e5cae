#include "unwind/fde_cache.h"

#include <gtest/gtest.h>

#include <array>

namespace situ {
namespace {

unw_proc_info_t function(unw_word_t start, unw_word_t end, std::array<char, 4>& parsed) {
  unw_proc_info_t info{};
  info.start_ip = start;
  info.end_ip = end;
  info.format = UNW_INFO_FORMAT_TABLE;
  info.unwind_info = parsed.data();
  info.unwind_info_size = static_cast<int>(parsed.size());
  return info;
}

TEST(FdeCache, AFunctionIsFoundByEachOfItsAddressesAndNoOther) {
  FdeCache cache;
  std::array<char, 4> first{"one"}, second{"two"};
  cache.keep(function(0x100, 0x120, first));
  cache.keep(function(0x140, 0x160, second));
  unw_proc_info_t found{};
  for (const unw_word_t ip : {0xffu, 0x120u, 0x13fu, 0x160u}) EXPECT_FALSE(cache.find(ip, found)) << ip;
  ASSERT_TRUE(cache.find(0x11f, found));
  EXPECT_EQ(found.start_ip, 0x100u);
  ASSERT_TRUE(cache.find(0x140, found));
  EXPECT_EQ(found.end_ip, 0x160u);
  cache.clear();
  EXPECT_FALSE(cache.find(0x140, found));
}

// libunwind frees what it made right after keep().
TEST(FdeCache, TheParsedBytesAreItsOwnAndLibunwindIsNotAskedToFreeThem) {
  FdeCache cache;
  std::array<char, 4> parsed{"one"};
  cache.keep(function(0x100, 0x120, parsed));
  parsed = {"two"};
  unw_proc_info_t found{};
  ASSERT_TRUE(cache.find(0x100, found));
  EXPECT_STREQ(static_cast<const char*>(found.unwind_info), "one");
  EXPECT_EQ(found.format, UNW_INFO_FORMAT_REMOTE_TABLE);
}

TEST(FdeCache, OtherFormatsAreNotKept) {
  FdeCache cache;
  std::array<char, 4> parsed{"one"};
  unw_proc_info_t info = function(0x100, 0x120, parsed);
  info.format = UNW_INFO_FORMAT_DYNAMIC;
  cache.keep(info);
  EXPECT_FALSE(cache.find(0x100, info));
}

}  // namespace
}  // namespace situ
