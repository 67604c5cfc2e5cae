#include "process/maps.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

TEST(ParseMaps, ReadsEveryFieldOfALine) {
  const auto maps = parse_maps(
      "555555554000-555555556000 r-xp 00001000 fe:01 1234                       /usr/bin/a program\n"
      "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0                          [stack]\n"
      "10000000000-10000001000 -w-s 00000000 00:01 7 \n");
  ASSERT_EQ(maps.size(), 3u);
  EXPECT_EQ(maps[0].range, (AddressRange{{0x555555554000}, {0x555555556000}}));
  EXPECT_TRUE(maps[0].readable && maps[0].executable && !maps[0].writable && !maps[0].shared);
  EXPECT_EQ(maps[0].offset, 0x1000u);
  EXPECT_EQ(maps[0].inode, 1234u);
  EXPECT_EQ(maps[0].path, "/usr/bin/a program");
  EXPECT_EQ(maps[1].path, "[stack]");
  EXPECT_TRUE(maps[2].writable && maps[2].shared && !maps[2].readable);
  EXPECT_EQ(maps[2].path, "");
}

TEST(ParseMaps, SkipsLinesThatDoNotParse) {
  const auto maps = parse_maps(
      "nonsense\n\n5000-4000 r--p 0 00:00 0\n1000-2000\n1000-2000 r--p\n1000-2000 r--p 0 0:0 \n"
      "1000-2000 r--p 00000000 00:00 0");
  ASSERT_EQ(maps.size(), 1u);
  EXPECT_EQ(maps[0].range.size(), 0x1000u);
}

TEST(ParseMaps, OfNothingIsNothing) {
  EXPECT_TRUE(parse_maps("").empty());
}

}  // namespace
}  // namespace situ
