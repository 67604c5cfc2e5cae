#include "symbols/rust_source.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

std::optional<LetReach> reach(std::string_view text, std::uint32_t line, std::string_view name) {
  return let_reach(rust_tokens(text), line, name);
}

TEST(LetReach, EndsAtTheBraceOfItsBlock) {
  constexpr std::string_view text =
      "fn main() {\n"
      "    let x = Box::new(5);\n"
      "    {\n"
      "        let y = 3;\n"
      "    }\n"
      "    println!(\"}}\");\n"
      "}\n";
  ASSERT_TRUE(reach(text, 2, "x"));
  EXPECT_EQ(reach(text, 2, "x")->end_of_let, 2U);
  EXPECT_EQ(reach(text, 2, "x")->closing, 7U);
  EXPECT_EQ(reach(text, 4, "y")->closing, 5U);
}

TEST(LetReach, LooksThroughInitialisersOfManyLines) {
  constexpr std::string_view text =
      "fn f() {\n"
      "    let v = if a {\n"
      "        1;\n"
      "    } else {\n"
      "        '}'; \"}\\\"}\"; r#\"}\"}\"#; /* } /* } */ } */ // }\n"
      "    };\n"
      "}\n";
  ASSERT_TRUE(reach(text, 2, "v"));
  EXPECT_EQ(reach(text, 2, "v")->end_of_let, 6U);
  EXPECT_EQ(reach(text, 2, "v")->closing, 7U);
}

TEST(LetReach, FindsNamesInsidePatterns) {
  constexpr std::string_view text =
      "fn f() {\n"
      "    let (a, Point { x, y: (mut z) }) = p;\n"
      "}\n";
  for (const char* name : {"a", "x", "z"}) EXPECT_TRUE(reach(text, 2, name)) << name;
}

TEST(LetReach, LeavesOtherBindingsToTheDebugInfo) {
  constexpr std::string_view text =
      "fn f<'a>(p: &'a i32) {\n"
      "    for i in 0..3 { }\n"
      "    if let Some(s) = o { }\n"
      "    while let Some(w) = o { }\n"
      "    match o { Some(m) => 1, _ => 2 };\n"
      "    let c = |k| k;\n"
      "}\n";
  EXPECT_FALSE(reach(text, 1, "p"));
  EXPECT_FALSE(reach(text, 2, "i"));
  EXPECT_FALSE(reach(text, 3, "s"));
  EXPECT_FALSE(reach(text, 4, "w"));
  EXPECT_FALSE(reach(text, 5, "m"));
  EXPECT_FALSE(reach(text, 6, "k"));
  EXPECT_TRUE(reach(text, 6, "c"));
  EXPECT_FALSE(reach(text, 3, "missing"));
}

TEST(LetReach, GivesUpOnTextThatDoesNotFit) {
  EXPECT_FALSE(reach("fn f() { let x = 1;", 1, "x"));
  EXPECT_FALSE(reach("let x }", 1, "x"));
  EXPECT_FALSE(reach("\"unfinished let x = 1; }", 1, "x"));
  EXPECT_FALSE(reach("", 1, "x"));
}

}  // namespace
}  // namespace situ
