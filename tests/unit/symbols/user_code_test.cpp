#include "symbols/user_code.h"

#include <gtest/gtest.h>

#include <string>

namespace situ {
namespace {

TEST(MatchesGlob, TakesAWordForAWholeNameOrPathComponent) {
  EXPECT_TRUE(matches_glob("bar", "bar"));
  EXPECT_TRUE(matches_glob("bar", "a::bar"));
  EXPECT_TRUE(matches_glob("b::bar", "a::b::bar"));
  EXPECT_TRUE(matches_glob("box.rs", "/home/me/box.rs"));
  EXPECT_TRUE(matches_glob("vendor", "/usr/src/vendor/x.c"));
  EXPECT_FALSE(matches_glob("bar", "rebar"));
  EXPECT_FALSE(matches_glob("bar", "a::bar::{closure#0}"));
  EXPECT_FALSE(matches_glob("bar", "bar2"));
  EXPECT_FALSE(matches_glob("", "bar"));
}

TEST(MatchesGlob, LetsStarsAndQuestionMarksCrossSeparators) {
  EXPECT_TRUE(matches_glob("a::*", "a::b::c"));
  EXPECT_TRUE(matches_glob("*/third_party/*", "/x/third_party/y/z.cc"));
  EXPECT_TRUE(matches_glob("b?r", "bar"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_FALSE(matches_glob("b?r", "br"));
  EXPECT_FALSE(matches_glob("a*b", "a::c"));
}

TEST(MatchesGlob, StaysFastOnManyStars) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(5000, 'a')));
}

struct FileCase {
  const char* file;
  const char* directory;
  bool library;
};
class LibraryFile : public ::testing::TestWithParam<FileCase> {};

TEST_P(LibraryFile, IsToldByItsPath) {
  EXPECT_EQ(UserCode::is_library_file(GetParam().file, GetParam().directory), GetParam().library)
      << GetParam().file;
}

INSTANTIATE_TEST_SUITE_P(
    Compilers, LibraryFile,
    ::testing::Values(
        FileCase{"/home/me/src/main.rs", "/home/me/src", false}, FileCase{"/tmp/a.cpp", "/tmp", false},
        FileCase{"/elsewhere/lib.h", "/tmp", false},
        FileCase{"/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/alloc/src/boxed.rs", "/tmp", true},
        FileCase{"library/std/src/rt.rs", "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860", true},
        FileCase{"/rust/deps/hashbrown-0.15.2/src/raw.rs", "/rust", true},
        FileCase{"/usr/src/rustc-1.63.0/library/core/src/ptr.rs", "/tmp", true},
        FileCase{"/usr/include/c++/12/bits/stl_vector.h", "/tmp", true},
        FileCase{"/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h", "/tmp", true},
        FileCase{"/home/me/.cargo/registry/src/index/serde-1.0/src/lib.rs", "/home/me/src", true},
        FileCase{"/home/me/.rustup/toolchains/stable/lib/rustlib/src/rust/library/core/src/num.rs", "/",
                 true},
        FileCase{"./malloc/malloc.c", "./malloc", true}, FileCase{"<built-in>", "/tmp", true},
        FileCase{"", "/tmp", true}, FileCase{"/usr/srcfiles/mine.c", "/usr/srcfiles", false}));

TEST(UserCode, SkipsUnitsOfLibraryBuildsWithoutReadingThem) {
  const UserCode user;
  const std::string std_directory = "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860";
  EXPECT_FALSE(
      user.may_hold_user_code(std_directory + "/library/std/src/lib.rs/@/std.e282-cgu.0", std_directory));
  EXPECT_FALSE(
      user.may_hold_user_code("/rust/deps/memchr-2.7.6/src/lib.rs/@/memchr.96-cgu.0", "/rust/deps/memchr"));
  EXPECT_TRUE(user.may_hold_user_code("box.rs/@/box.b50d073a48d2a78e-cgu.0", "/tmp"));
  EXPECT_TRUE(user.may_hold_user_code("main.cpp", "/home/me/src"));
}

TEST(UserCode, FollowsFunctionsExcludeAndAll) {
  const UserCode only({{"bar"}, {}, false});
  EXPECT_TRUE(only.is_user("a::bar", "/usr/include/x.h", "/tmp"));
  EXPECT_FALSE(only.is_user("a::main", "/tmp/a.rs", "/tmp"));
  const UserCode without({{}, {"*generated*"}, false});
  EXPECT_FALSE(without.is_user("main", "/tmp/generated/a.cpp", "/tmp"));
  EXPECT_FALSE(without.is_user("generated_main", "/tmp/a.cpp", "/tmp"));
  EXPECT_TRUE(without.is_user("main", "/tmp/a.cpp", "/tmp"));
  const UserCode all({{}, {}, true});
  EXPECT_TRUE(all.is_user("std::sort", "/usr/include/c++/12/bits/stl_algo.h", "/tmp"));
  EXPECT_TRUE(all.may_hold_user_code("library/std", "/rustc/x"));
}

}  // namespace
}  // namespace situ
