#include "render/canvas.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

TEST(Canvas, LinesThatMeetMergeIntoOneCharacter) {
  Canvas canvas(7, Charset::utf8);
  canvas.horizontal(0, 0, 4, Stroke::light, Ink::plain);
  canvas.horizontal(2, 0, 4, Stroke::light, Ink::plain);
  canvas.vertical(0, 0, 2, Stroke::light, Ink::plain);
  canvas.vertical(4, 0, 2, Stroke::light, Ink::plain);
  canvas.vertical(2, 0, 2, Stroke::light, Ink::plain);
  canvas.horizontal(1, 0, 6, Stroke::light, Ink::plain);
  EXPECT_EQ(canvas.print(Colors::off),
            "╭─┬─╮\n"
            "├─┼─┼─╴\n"
            "╰─┴─╯\n");
}

TEST(Canvas, DrawsTheSameInAscii) {
  Canvas canvas(7, Charset::ascii);
  canvas.horizontal(0, 0, 4, Stroke::dashed, Ink::plain);
  canvas.horizontal(2, 0, 4, Stroke::heavy, Ink::plain);
  canvas.vertical(0, 0, 2, Stroke::light, Ink::plain);
  canvas.vertical(4, 0, 2, Stroke::dashed, Ink::plain);
  EXPECT_EQ(canvas.print(Colors::off),
            "+...+\n"
            "|   :\n"
            "+===+\n");
}

TEST(Canvas, AHeavyRuleMeetsLightSides) {
  Canvas canvas(5, Charset::utf8);
  canvas.vertical(0, 0, 2, Stroke::light, Ink::plain);
  canvas.vertical(4, 0, 2, Stroke::light, Ink::plain);
  canvas.horizontal(1, 0, 4, Stroke::heavy, Ink::plain);
  EXPECT_EQ(canvas.print(Colors::off),
            "╷   ╷\n"
            "┝━━━┥\n"
            "╵   ╵\n");
}

TEST(Canvas, LinesNeverReplaceText) {
  Canvas canvas(8, Charset::utf8);
  canvas.text(0, 2, "名");
  canvas.horizontal(0, 0, 7, Stroke::light, Ink::plain);
  EXPECT_EQ(canvas.print(Colors::off), "╶─名───╴\n");
}

TEST(Canvas, HalfOverwrittenWideCharactersLeaveNoHalf) {
  Canvas canvas(6, Charset::utf8);
  canvas.text(0, 0, "名名");
  canvas.text(0, 1, "x");
  EXPECT_EQ(canvas.print(Colors::off), " x名\n");
}

TEST(Canvas, TextEndsAtTheEdgeWithoutHalfACharacter) {
  Canvas canvas(4, Charset::utf8);
  EXPECT_EQ(canvas.text(0, 1, "a名名"), 4u);
  EXPECT_EQ(canvas.text(1, 0, "abc名"), 3u);
  EXPECT_EQ(canvas.print(Colors::off), " a名\nabc\n");
}

TEST(Canvas, ColoursAreSwitchedOncePerRunAndOffAtTheEndOfALine) {
  Canvas canvas(10, Charset::utf8);
  canvas.text(0, 0, "ab", Ink::strong);
  canvas.text(0, 3, "cd", Ink::strong);
  canvas.text(0, 5, "e");
  EXPECT_EQ(canvas.print(Colors::on), "\x1b[1mab cd\x1b[0me\n");
  EXPECT_EQ(canvas.print(Colors::off), "ab cde\n");
}

}  // namespace
}  // namespace situ
