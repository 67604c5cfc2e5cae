#include "symbols/source_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace situ {
namespace {

TEST(HasToken, FindsWholeIdentifiersOnly) {
  EXPECT_TRUE(has_token("let x = 5;", "x"));
  EXPECT_TRUE(has_token("x", "x"));
  EXPECT_TRUE(has_token("extra + x", "x"));
  EXPECT_FALSE(has_token("let extra = 5;", "x"));
  EXPECT_FALSE(has_token("let x_ = x1;", "x"));
  EXPECT_FALSE(has_token("", "x"));
  EXPECT_FALSE(has_token("let x = 5;", ""));
}

TEST(HasToken, TakesLettersBeyondAsciiAsPartOfAWord) {
  EXPECT_TRUE(has_token("let größe = 1;", "größe"));
  EXPECT_FALSE(has_token("let größe = 1;", "gr"));
}

TEST(MayDeclare, LeavesMembersOut) {
  EXPECT_FALSE(may_declare("for n in numbers.iter() {", "iter"));
  EXPECT_TRUE(may_declare("let iter = numbers.iter();", "iter"));
  EXPECT_TRUE(may_declare("fn f(self) { self.x }", "self"));
  EXPECT_TRUE(may_declare("[first, ..rest]", "rest"));
}

TEST(SourceFiles, GivesLinesWithoutTheirEnds) {
  const std::string path = ::testing::TempDir() + "situ_source_lines.txt";
  std::ofstream(path, std::ios::binary) << "one\r\ntwo\n\nfour";
  SourceFiles files;
  EXPECT_EQ(files.line(path, 1), "one");
  EXPECT_EQ(files.line(path, 2), "two");
  EXPECT_EQ(files.line(path, 3), "");
  EXPECT_EQ(files.line(path, 4), "four");
  EXPECT_EQ(files.line(path, 5), std::nullopt);
  EXPECT_EQ(files.line(path, 0), std::nullopt);
  EXPECT_EQ(*files.text(path), "one\r\ntwo\n\nfour");
}

TEST(SourceFiles, SaysWhenThereIsNoFile) {
  SourceFiles files;
  EXPECT_EQ(files.text("/nowhere/at/all.rs"), nullptr);
  EXPECT_EQ(files.line("/nowhere/at/all.rs", 1), std::nullopt);
  EXPECT_EQ(files.text("/"), nullptr);
}

}  // namespace
}  // namespace situ
