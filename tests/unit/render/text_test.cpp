#include "render/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <sstream>

#include "render/width.h"
#include "text_moments.h"

namespace situ {
namespace {

using testing::HasSubstr;
using testing::Not;
using MB = MomentBuilder;

TextOptions wide(std::size_t columns) {
  TextOptions options;
  options.width = columns;
  return options;
}

// main holds y, a String s and a Box x; bar, which was just called with y, keeps j and k in its red zone.
MomentBuilder box_moment() {
  MomentBuilder b;
  b.source("/w/box.rs", "fn bar(j: i32) {\n    let k = 20;\n}\n");
  b.recording.regions.push_back({RegionKind::heap, {{0x5555555b5000}, {0x5555555d6000}}, {}, {}, {}});
  b.frame({.title = "_start", .cfa = 0x7fffffffe580, .size = 0x30, .user = false});
  b.frame({.title = "std::rt::lang_start", .cfa = 0x7fffffffe550, .size = 0x70, .user = false});
  auto& main = b.frame(
      {.title = "article::main", .cfa = 0x7fffffffe4e0, .size = 0x110, .file = "/w/box.rs", .line = 10});
  MB::slot(main, -0x8, 8, SlotKind::return_address);
  const VariableId y = b.variable(main, "y", "i32", -0x3c, 4, MB::scalar("34")).id;
  MB::slot(main, -0xc0, 180, SlotKind::other);
  const VariableId s = b.variable(main, "s", "alloc::string::String", -0xd8, 24, MB::owner("\"hi\"")).id;
  const VariableId x =
      b.variable(main, "x", "alloc::boxed::Box<i32, alloc::alloc::Global>", -0xe0, 8, MB::address()).id;
  MB::slot(main, -0xf0, 32, SlotKind::other);
  MB::slot(main, -0x110, 16, SlotKind::other);
  auto& bar = b.frame({.title = "article::bar",
                       .cfa = 0x7fffffffe3d0,
                       .size = 0x10,
                       .pushed = 8,
                       .file = "/w/box.rs",
                       .line = 2,
                       .innermost = true});
  MB::slot(bar, -0x8, 8, SlotKind::return_address);
  auto& k = b.variable(bar, "k", "i32", -0xc, 4, MB::scalar("garbage"));
  k.state = VariableState::uninitialised;
  auto& j = b.variable(bar, "j", "i32", -0x10, 4, MB::scalar("34"));
  j.copy_of = y;
  j.changed = true;
  b.moment.threads[0].sp = {0x7fffffffe3c8};
  const StackLine line6{b.function("article::main"), "/w/box.rs", 6, {}};
  const StackLine line8{b.function("article::main"), "/w/box.rs", 8, {}};
  const BlockId five = b.block(0x5555555b5d60, 4, "i32", MB::scalar("5"), line6);
  const BlockId text = b.block(0x5555555b5d80, 2, "u8", MB::scalar("\"hi\"", ValueKind::text), line8);
  b.points(x, five);
  b.points(s, text);
  b.moment.say = "main calls bar with j = 34, a copy of y.";
  b.finish(9, Cause::call, "article::bar", "/w/box.rs", 2);
  return b;
}

// bar returned the address of its own k; r refers to x in the same frame.
MomentBuilder ghost_moment() {
  MomentBuilder b;
  auto& main = b.frame({.title = "main",
                        .cfa = 0x7fffffffe4e0,
                        .size = 0x28,
                        .file = "/w/dangling.cpp",
                        .line = 6,
                        .innermost = true});
  MB::slot(main, -0x8, 8, SlotKind::return_address);
  auto& pointer = b.variable(main, "p", "int*", -0x10, 8, MB::address());
  pointer.changed = true;
  const VariableId p = pointer.id;
  const VariableId x = b.variable(main, "x", "int", -0x14, 4, MB::scalar("5")).id;
  const VariableId r = b.variable(main, "r", "int&", -0x20, 8, MB::address()).id;
  MB::slot(main, -0x28, 12, SlotKind::other);
  auto& bar = b.frame({.title = "bar", .cfa = 0x7fffffffe4b8, .size = 0x10, .ghost = true});
  MB::slot(bar, -0x8, 8, SlotKind::return_address);
  auto& k = b.variable(bar, "k", "int", -0xc, 4, MB::scalar("20"));
  k.state = VariableState::ended;
  const VariableId dead = k.id;
  MB::slot(bar, -0x10, 4, SlotKind::other);
  b.moment.threads[0].sp = {0x7fffffffe4b8};
  b.points(p, dead).state = PointerState::dangling_frame;
  b.points(r, x);
  b.finish(7, Cause::returned, "bar", "/w/dangling.cpp", 6);
  return b;
}

TEST(Picture, DrawsStackHeapAndTheArrowsBetweenThem) {
  const auto b = box_moment();
  EXPECT_EQ(picture(b.recording, b.moment, wide(80)),
            R"( step 9/9  CALL bar  box.rs:2                                  heap 2 live, 6 B
     2 │ let k = 20;
 main calls bar with j = 34, a copy of y.

 STACK                                                 HEAP  from 0x5555555b5000
╭┄ 2 runtime frames  _start … lan… ┄┄┄ 160 B ╮        ╭─ #2 …b5d80 ─── 2 B/24 ─╮
├─ main ───────── CFA 0x7fffffffe4e0 ─ 272 B ┤ ╭─────▶│ "hi"                u8 │
│  -0x08 return   → lang_start           8 B │ │      ╰─ main box.rs:8 ────────╯
│  -0x3c y        34            i32      4 B │ │      ╭─ #1 …b5d60 ─── 4 B/24 ─╮
│  -0xc0          other                180 B │ │ ╭───▶│ 5                  i32 │
│  -0xd8 s        "hi" ●─▶ #2   String  24 B ├─╯ │    ╰─ main box.rs:6 ────────╯
│  -0xe0 x        ●─▶ #1        Box<i…   8 B ├───╯
│ -0x110          other                 48 B │
├─ article::bar ── CFA 0x7fffffffe3d0 ─ 16 B ┤
│  -0x08 return   → main box.rs:10       8 B │
┝━ SP 0x7fffffffe3c8 ━━━━━━━━━━━━━━━━━━━━━━━━┥
┊  -0x0c k      ? not written   i32      4 B ┊
┊  -0x10 j      * 34  = main.y  i32      4 B ┊
╰┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╯
)");
}

TEST(Picture, DrawsTheSameInAscii) {
  const auto b = box_moment();
  TextOptions options = wide(100);
  options.ascii = true;
  EXPECT_EQ(
      picture(b.recording, b.moment, options),
      R"( step 9/9  CALL bar  box.rs:2                                                      heap 2 live, 6 B
     2 | let k = 20;
 main calls bar with j = 34, a copy of y.

 STACK                                                              HEAP  from 0x5555555b5000
+. 2 runtime frames  _start .. lang_start ...... 160 B +           +- #2 ..b5d80 ----- 2 B/24 -+
+- article::main ---------- CFA 0x7fffffffe4e0 - 272 B + +-------->| "hi"                   u8 |
|  -0x08 return   -> lang_start                    8 B | |         +- main box.rs:8 -----------+
|  -0x3c y        34                    i32        4 B | |         +- #1 ..b5d60 ----- 4 B/24 -+
|  -0xc0          other  spill space, padding    180 B | | +------>| 5                     i32 |
|  -0xd8 s        "hi" *-> #2           String    24 B +-+ |       +- main box.rs:6 -----------+
|  -0xe0 x        *-> #1                Box<i32>   8 B +---+
| -0x110          other  spill space, padding     48 B |
+- article::bar ------------ CFA 0x7fffffffe3d0 - 16 B +
|  -0x08 return   -> main box.rs:10                8 B |
+= SP 0x7fffffffe3c8 ==================================+
:  -0x0c k      ? not written           i32        4 B :
:  -0x10 j      * 34  copy of main.y    i32        4 B :
+......................................................+
)");
}

TEST(Picture, StacksTheZonesWhenNarrow) {
  const auto b = box_moment();
  EXPECT_EQ(picture(b.recording, b.moment, wide(60)),
            R"( step 9/9  CALL bar  box.rs:2              heap 2 live, 6 B
     2 │ let k = 20;
 main calls bar with j = 34, a copy of y.

 STACK
╭┄ 2 runtime frames  _start … lang_start ┄┄┄┄┄┄┄┄┄┄┄ 160 B ╮
├─ article::main  box.rs:10 ─── CFA 0x7fffffffe4e0 ─ 272 B ┤
│  -0x08 return   → lang_start                         8 B │
│  -0x3c y        34                        i32        4 B │
│  -0xc0          other  spill space, padding        180 B │
│  -0xd8 s        "hi" ●─▶ #2               String    24 B │
│  -0xe0 x        ●─▶ #1                    Box<i32>   8 B │
│ -0x110          other  spill space, padding         48 B │
├─ article::bar  box.rs:2 ────── CFA 0x7fffffffe3d0 ─ 16 B ┤
│  -0x08 return   → main box.rs:10                     8 B │
┝━ SP 0x7fffffffe3c8 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┥
┊  -0x0c k      ? not written               i32        4 B ┊
┊  -0x10 j      * 34  copy of main.y        i32        4 B ┊
╰┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╯

 HEAP  from 0x5555555b5000
╭─ #2 …b5d80 ──────────────────────── 2 B of 24, chunk 32 ─╮
│ "hi"                                                  u8 │
╰─ main box.rs:8 ──────────────────────────────────────────╯
╭─ #1 …b5d60 ──────────────────────── 4 B of 24, chunk 32 ─╮
│ 5                                                    i32 │
╰─ main box.rs:6 ──────────────────────────────────────────╯
)");
}

TEST(Picture, DrawsAPoppedFrameBelowTheStackPointerAndWhatDanglesIntoIt) {
  const auto b = ghost_moment();
  EXPECT_EQ(picture(b.recording, b.moment, wide(80)),
            R"( step 7/9  RETURN bar  dangling.cpp:6                          heap 0 live, 0 B

     STACK
    ╭─ main  dangling.cpp:6 ──────────────────────── CFA 0x7fffffffe4e0 ─ 40 B ╮
    │ -0x08 return   → ?                                                   8 B │
╭┄┄┄┤ -0x10 p      ! ●─× k of bar, popped                            int*  8 B │
┊ ╭▶│ -0x14 x        5                                               int   4 B │
┊ ╰─┤ -0x20 r        ●─▶ main.x                                      int&  8 B │
┊   │ -0x28          other  spill space, padding                          12 B │
┊   ┝━ SP 0x7fffffffe4b8 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┥
┊   ├┄ bar ~ popped ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ CFA 0x7fffffffe4b8 ┄ 16 B ┤
┊   ┊ -0x08 return   → main dangling.cpp:6                                 8 B ┊
╰┄┄×┊ -0x0c k        20                                              int   4 B ┊
    ┊ -0x10          other  spill space, padding                           4 B ┊
    ╰┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╯
)");
}

TEST(Picture, FreedAndReusedBlocksAreNamed) {
  MomentBuilder b;
  auto& main = b.frame({.title = "main", .cfa = 0x7fffffffe4e0, .size = 0x20, .innermost = true});
  MB::slot(main, -0x8, 8, SlotKind::return_address);
  const VariableId p = b.variable(main, "p", "int*", -0x10, 8, MB::address()).id;
  const VariableId q = b.variable(main, "q", "int*", -0x18, 8, MB::address()).id;
  const VariableId u = b.variable(main, "u", "std::unique_ptr<int>", -0x20, 8, MB::address()).id;
  const BlockId one = b.block(0x1000, 4, "int", MB::scalar("5"));
  const BlockId two = b.block(0x1020, 4, "int", MB::scalar("6"));
  const BlockId three = b.block(0x1020, 4, "int", MB::scalar("7"));
  b.recording.blocks[one.value].life.died = 5;
  b.recording.blocks[two.value].life.died = 4;
  b.moment.blocks[0].ghost = true;
  b.moment.blocks.erase(b.moment.blocks.begin() + 1);
  b.moment.blocks[1].earlier = {2};
  b.points(p, one).state = PointerState::dangling_freed;
  b.points(q, three).state = PointerState::dangling_reused;
  b.points(u, three).state = PointerState::moved_from;
  b.finish(5, Cause::free, "main");
  b.recording.steps[5].block = one;
  EXPECT_EQ(picture(b.recording, b.moment, wide(90)),
            R"( step 5/9  FREE #1                                                      heap 3 live, 12 B

 STACK                                                        HEAP  near 0x1020
╭─ main ─────────────── CFA 0x7fffffffe4e0 ─ 32 B ╮          ╭─ #3 0x1020 ────── 4 B/24 ─╮
│ -0x08 return   → ?                          8 B │ ╭┄┄┄┄┄┄┄×│ 7                     int │
│ -0x10 p      ! ●─× #1 freed         int*    8 B ├┄┼┄╮      │ here before: #2           │
│ -0x18 q      ! ●─× #2 reused by #3  int*    8 B ├┄╯ ┊      ╰───────────────────────────╯
│ -0x20 u      x ○ #3 moved away      uniqu…  8 B │   ┊      ╭┄ ~ #1 0x1000 ┄┄┄┄ 4 B/24 ┄╮
┕━ SP 0x7fffffffe4c0 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┙   ╰┄┄┄┄┄×┊ 5 ░░░░░░░░░░░░░░░░░░░ int ┊
                                                             ╰┄ freed ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╯
)");
}

TEST(Picture, OtherThreadsAreCompactAndDated) {
  MomentBuilder b;
  b.thread("worker");
  const BlockId shared = b.block(0x1000, 8, "u64", MB::scalar("1"));
  for (std::size_t t = 0; t < 2; ++t) {
    auto& frame = b.frame({.title = t == 0 ? "main" : "run",
                           .cfa = 0x7ffff7bff000 - t * 0x1000000,
                           .size = 0x10,
                           .innermost = true,
                           .thread = t});
    MB::slot(frame, -0x8, 8, SlotKind::return_address);
    b.points(b.variable(frame, "v", "Arc<u64>", -0x10, 8, MB::address()).id, shared);
  }
  b.moment.threads[1].seen = 4;
  b.finish(5, Cause::line, "main");
  EXPECT_EQ(picture(b.recording, b.moment, wide(84)),
            R"( step 5/9  LINE main  t1 main                                      heap 1 live, 8 B

 STACK of t1 main                                         HEAP  near 0x1000
╭─ main ──────────── CFA 0x7ffff7bff000 ─ 16 B ╮         ╭─ #1 0x1000 ──── 8 B/24 ─╮
│ -0x08 return   → ?                       8 B │ ╭──────▶│ 1                   u64 │
│ -0x10 v        ●─▶ #1          Arc<u64>  8 B ├─┤       ╰─────────────────────────╯
┕━ SP 0x7ffff7bfeff0 ━━━━━━━━━━━━━━━━━━━━━━━━━━┙ │
╭┄ t2 worker ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ as of step 4 ┄╮ │
┊ run   v ●─▶ #1                          16 B ├─╯
╰┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╯
)");
}

TEST(Picture, ListsEventsWhenThereIsRoom) {
  auto b = box_moment();
  for (std::uint32_t i = 0; i < 2; ++i) {
    HeapEvent event;
    event.step = 4 + 6 * i;
    event.block = BlockId{i};
    event.requested = 4;
    b.recording.events.push_back(event);
  }
  EXPECT_THAT(picture(b.recording, b.moment, wide(160)),
              HasSubstr("   4 + malloc  #1       4 B  box.rs:6\n"));
  EXPECT_THAT(picture(b.recording, b.moment, wide(160)), Not(HasSubstr("step 10")));
  EXPECT_THAT(picture(b.recording, b.moment, wide(100)), Not(HasSubstr("EVENTS")));
}

TEST(Picture, UninitialisedBytesAreNeverShownAsValues) {
  const auto b = box_moment();
  EXPECT_THAT(picture(b.recording, b.moment, wide(160)), Not(HasSubstr("garbage")));
}

TEST(Picture, AChangedValueShowsWhatItWas) {
  auto b = box_moment();
  auto& k = b.moment.threads[0].frames[0].variables[0];
  k.state = VariableState::live;
  k.value = MB::scalar("20");
  k.changed = true;
  k.before = "19";
  EXPECT_THAT(picture(b.recording, b.moment, wide(100)), HasSubstr("k      * 19 → 20"));
}

TEST(Picture, RuntimeFramesUnfoldOnDemand) {
  const auto b = box_moment();
  TextOptions options = wide(100);
  options.runtime_frames = true;
  const std::string text = picture(b.recording, b.moment, options);
  EXPECT_THAT(text, HasSubstr("std::rt::lang_start"));
  EXPECT_THAT(text, Not(HasSubstr("runtime frames")));
}

TEST(Picture, DeepStacksFoldInTheMiddle) {
  MomentBuilder b;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    b.frame({.title = "fact", .cfa = 0x7fffffffe000 - i * 0x30, .size = 0x30, .innermost = i == 999});
  }
  b.finish(5, Cause::call, "fact");
  const std::string text = picture(b.recording, b.moment, wide(80));
  EXPECT_THAT(text, HasSubstr("986 frames folded"));
  EXPECT_THAT(text, HasSubstr("47,328 B"));
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 30);
}

TEST(Picture, ManyBlocksFoldButThoseInUseStay) {
  MomentBuilder b;
  auto& main = b.frame({.title = "main", .cfa = 0x7fffffffe4e0, .size = 0x10, .innermost = true});
  const VariableId p = b.variable(main, "p", "int*", -0x10, 8, MB::address()).id;
  std::vector<BlockId> blocks;
  for (std::uint64_t i = 0; i < 500; ++i)
    blocks.push_back(b.block(0x100000 + 32 * i, 8, "long", MB::scalar("1")));
  b.points(p, blocks[300]);
  b.finish(5, Cause::line, "main");
  const std::string text = picture(b.recording, b.moment, wide(100));
  EXPECT_THAT(text, HasSubstr("▶│ 1"));
  EXPECT_THAT(text, HasSubstr("#301"));
  EXPECT_THAT(text, HasSubstr("more blocks"));
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 100);
}

TEST(Picture, SameInputGivesTheSameBytes) {
  const auto a = box_moment(), b = box_moment();
  EXPECT_EQ(picture(a.recording, a.moment, wide(120)), picture(b.recording, b.moment, wide(120)));
}

TEST(Picture, ColourAddsOnlyColour) {
  const auto b = box_moment();
  TextOptions options = wide(120);
  const std::string plain = picture(b.recording, b.moment, options);
  options.color = true;
  const std::string colored = picture(b.recording, b.moment, options);
  EXPECT_NE(colored, plain);
  EXPECT_EQ(std::regex_replace(colored, std::regex("\x1b\\[[0-9;]*m"), ""), plain);
}

// Moments of every shape, with hostile and overlong words in them.
class RandomMoment {
 public:
  explicit RandomMoment(std::uint32_t seed) : random_(seed) {}

  MomentBuilder make() {
    MomentBuilder b;
    const std::size_t threads = 1 + pick(3);
    for (std::size_t t = 1; t < threads; ++t) b.thread(word());
    b.source("/w/a.cpp", word() + "\n" + word() + "\n");
    for (std::size_t i = pick(9); i > 0; --i) {
      blocks_.push_back(b.block(0x55550000 + 0x40 * blocks_.size() + (pick(4) == 0 ? 0x100000 : 0),
                                pick(5000), word(), value()));
    }
    for (std::size_t t = 0; t < threads; ++t) {
      const std::size_t frames = pick(5);
      for (std::size_t i = 0; i < frames; ++i) {
        add_frame(b, t, i, i + 1 == frames);
      }
      if (pick(2) == 0) b.moment.threads[t].seen = static_cast<StepIndex>(pick(9));
    }
    for (std::size_t i = pick(14); i > 0 && !variables_.empty(); --i) add_pointer(b);
    b.moment.say = word() + " " + word();
    for (auto& block : b.moment.blocks) {
      block.ghost = pick(5) == 0;
      block.changed = pick(4) == 0;
      if (pick(5) == 0) block.earlier = {1, 2, 3, 4, 5, 6};
    }
    b.finish(static_cast<StepIndex>(pick(9)), static_cast<Cause>(pick(11)), word(), "/w/" + word(), 1);
    return b;
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string word() {
    static const std::vector<std::string> words = {"x",
                                                   "a_rather_long_name_for_a_variable_or_function",
                                                   "名前の長い変数名前の長い変数",
                                                   "\x1b[31mred\x1b[0m",
                                                   "a\nb\tc\r",
                                                   "\u202eevil\u2066",
                                                   "👨‍👩‍👧‍👦👍🏽🇩🇪❤\uFE0F",
                                                   "\xff\xfe broken",
                                                   "std::map<std::string, std::vector<int>>",
                                                   "",
                                                   "n\u0303\u0301",
                                                   "\u009b2J",
                                                   std::string(300, 'w')};
    return words[pick(words.size())];
  }
  Value value(int depth = 0) {
    if (depth < 3 && pick(4) == 0) {
      std::vector<NamedValue> fields;
      for (std::size_t i = pick(20); i > 0; --i)
        fields.push_back(MB::field(word(), 8 * i, 8, value(depth + 1)));
      return MB::record(word(), std::move(fields));
    }
    Value made = pick(3) == 0 ? MB::address() : pick(3) == 0 ? MB::owner(word()) : MB::scalar(word());
    made.unwritten = pick(9) == 0;
    return made;
  }
  void add_frame(MomentBuilder& b, std::size_t thread, std::size_t depth, bool last) {
    const std::size_t count = pick(6);
    auto& frame = b.frame({.title = word(),
                           .cfa = 0x7fffffffe000 - depth * 0x1000,
                           .size = 8 + 16 * count,
                           .pushed = 8 + (last ? pick(40) : 16 * count),
                           .file = "/w/" + word(),
                           .line = static_cast<std::uint32_t>(pick(10000)),
                           .user = pick(4) != 0,
                           .ghost = pick(6) == 0,
                           .innermost = last,
                           .inlined = pick(9) == 0,
                           .thread = thread});
    MB::slot(frame, -8, 8, SlotKind::return_address);
    for (std::size_t i = 0; i < count; ++i) {
      const auto offset = -24 - 16 * static_cast<std::int64_t>(i);
      if (pick(4) == 0) {
        MB::slot(frame, offset, 16, pick(2) == 0 ? SlotKind::other : SlotKind::saved_register);
        continue;
      }
      auto& view = b.variable(frame, word(), word(), offset, 16, value());
      view.state = static_cast<VariableState>(pick(5));
      view.changed = pick(3) == 0;
      view.before = word();
      variables_.push_back(view.id);
    }
  }
  void add_pointer(MomentBuilder& b) {
    const VariableId from = variables_[pick(variables_.size())];
    auto& pointer = blocks_.empty() || pick(3) == 0 ? b.points(from, variables_[pick(variables_.size())])
                    : pick(3) == 0 ? b.points(blocks_[pick(blocks_.size())], blocks_[pick(blocks_.size())])
                                   : b.points(from, blocks_[pick(blocks_.size())], 0, pick(3));
    pointer.state = static_cast<PointerState>(pick(11));
    pointer.to->path = pick(5) == 0 ? word() : "";
  }

  std::mt19937 random_;
  std::vector<BlockId> blocks_;
  std::vector<VariableId> variables_;
};

// Lines that are too long, or hold a byte that a terminal obeys.
std::string offence(const std::string& text, const TextOptions& options) {
  const std::string plain =
      std::regex_replace(text, std::regex("\x1b\\[(0|1|38;5;[0-9]+|1;38;5;[0-9]+)m"), "");
  std::istringstream lines(plain);
  for (std::string line; std::getline(lines, line);) {
    if (display_width(line) > options.width) return "too long: " + line;
    if (!line.empty() && line.back() == ' ') return "trailing blank: " + line;
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte == 0x7f) return "control character: " + line;
      if (options.ascii && byte > 0x7f) return "not ASCII: " + line;
    }
    for (const char* bad : {"\u202e", "\u2066", "\u009b"}) {
      if (line.find(bad) != std::string::npos) return "control code point: " + line;
    }
  }
  return plain.empty() || plain.back() != '\n' ? "no newline at the end" : "";
}

TEST(Picture, NoLineExceedsTheWidthAndNothingHostileGetsThrough) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    const MomentBuilder b = RandomMoment(seed).make();
    for (const std::size_t columns : {40u, 57u, 79u, 80u, 99u, 100u, 117u, 118u, 140u, 200u}) {
      TextOptions options = wide(columns);
      options.ascii = seed % 3 == 0;
      options.color = seed % 2 == 0;
      options.full_addresses = seed % 5 == 0;
      options.runtime_frames = seed % 7 == 0;
      options.bytes = seed % 4 == 0;
      options.raw = seed % 6 == 0;
      ASSERT_EQ(offence(picture(b.recording, b.moment, options), options), "")
          << "seed " << seed << " width " << columns;
      ASSERT_EQ(offence(step_line(b.recording, b.moment.step, b.moment.say, options) + "\n", options), "");
    }
  }
}

TEST(Picture, AMomentWithNothingInItIsItsHead) {
  MomentBuilder b;
  b.moment.threads.clear();
  b.finish(0, Cause::start, "");
  EXPECT_EQ(picture(b.recording, b.moment, wide(60)),
            " step 0/9  START                           heap 0 live, 0 B\n");
}

}  // namespace
}  // namespace situ
