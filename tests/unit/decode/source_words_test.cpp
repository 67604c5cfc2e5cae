#include "decode/source_words.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

TEST(SourceWords, AWordIsNotAPartOfOne) {
  EXPECT_EQ(find_word("max x", "x"), 4u);
  EXPECT_EQ(find_word("max", "x"), std::string_view::npos);
  EXPECT_EQ(find_word("anything", ""), std::string_view::npos);
}

TEST(SourceWords, AnAssignmentIsNeitherADeclarationNorAComparison) {
  EXPECT_TRUE(assigns("x = Box::new(2);", "x"));
  EXPECT_FALSE(assigns("let x = Box::new(2);", "x"));
  EXPECT_FALSE(assigns("let mut x = 1;", "x"));
  EXPECT_FALSE(assigns("if x == 2 {", "x"));
  EXPECT_FALSE(assigns("y = 1; // x = 2", "x"));
}

TEST(SourceWords, AValueIsTakenWhereTheNameStandsAlone) {
  for (const char* line :
       {"f(x)", "let y = x;", "Holder { name: x, n: 1 }", "f(a, x);", "spawn(move || x.run())"}) {
    EXPECT_TRUE(uses_value(line, "x")) << line;
  }
  for (const char* line : {"f(&x)", "x.len()", "*x + 1", "x[0]", "&mut x", "let x = 1;", "x = y;", "s.x"}) {
    EXPECT_FALSE(uses_value(line, "x")) << line;
  }
}

TEST(SourceWords, AnExplicitMoveNamesItsSource) {
  EXPECT_TRUE(moves_explicitly("auto b = std::move(a);", "a"));
  EXPECT_FALSE(moves_explicitly("auto b = a;", "a"));
}

}  // namespace
}  // namespace situ
