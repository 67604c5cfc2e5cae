#include "render/width.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

struct Case {
  const char* what;
  const char* text;
  std::size_t width;
};

TEST(Width, CountsColumnsOfGraphemeClusters) {
  const Case cases[] = {
      {"ascii", "hello", 5},
      {"cjk", "名前", 4},
      {"combining accent", "e\u0301", 1},
      {"zwj family", "👨‍👩‍👧‍👦", 2},
      {"skin tone", "👍🏽", 2},
      {"flag", "🇩🇪", 2},
      {"two flags", "🇩🇪🇫🇷", 4},
      {"emoji variant of a text symbol", "❤\uFE0F", 2},
      {"text symbol", "❤", 1},
      {"hangul syllable from jamo", "\u1112\u1161\u11AB", 2},
      {"fullwidth", "Ａ", 2},
      {"devanagari conjunct", "नि", 1},
      {"box drawing", "╭─▶", 3},
      {"tab", "a\tb", 4},
      {"empty", "", 0},
  };
  for (const auto& [what, text, width] : cases) EXPECT_EQ(display_width(text), width) << what;
}

TEST(Width, NothingThatATerminalObeysGoesThrough) {
  for (const char* text :
       {"\x1b[31m", "\x07", "\x7f", "\u0085", "\u009b31m", "\u202e", "\u2066", "\u200f", "\u2028", "\ufeff",
        "\xff", "\xc3", "\xed\xa0\x80", "\u0301", "\u200d", "\ufe0f"}) {
    const auto all = graphemes(text);
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all.front().text, "\uFFFD");
    EXPECT_EQ(all.front().width, 1u);
  }
}

TEST(Width, AnEndlessClusterIsBroken) {
  std::string zalgo = "a";
  for (int i = 0; i < 1000; ++i) zalgo += "\u0301";
  EXPECT_GT(graphemes(zalgo).size(), 10u);
}

TEST(Width, AsciiKeepsTheColumnsOfWhatItCannotShow) {
  std::string out;
  for (const auto& g : graphemes("aé名z", Charset::ascii)) out += g.text;
  EXPECT_EQ(out, "a???z");
}

TEST(Width, CutsAreVisibleAndNeverSplitAWideCharacter) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 4), "abc…");
  EXPECT_EQ(cut("名前名前", 4), "名…");
  EXPECT_EQ(cut("abcdef", 4, Charset::ascii), "ab..");
  EXPECT_EQ(cut("abcdef", 0), "");
  EXPECT_EQ(cut_front("src/box.rs", 7), "…box.rs");
}

TEST(Width, WrapsAtBlanksAndBreaksWordsThatAreTooLong) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrap("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrap("one two three", 8), (Lines{"one two", "three"}));
  EXPECT_EQ(wrap("abcdefgh", 3), (Lines{"abc", "def", "gh"}));
  EXPECT_EQ(wrap("名前名", 3), (Lines{"名", "前", "名"}));
  EXPECT_EQ(wrap("", 3), Lines{});
}

}  // namespace
}  // namespace situ
