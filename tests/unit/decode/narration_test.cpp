#include "decode/double_free.h"

#include <gmock/gmock.h>

#include "decode/free_reason.h"
#include "one_frame_fixture.h"

namespace situ {
namespace {

struct Sentence : OneFrame {
  std::string say(std::optional<StepIndex> step = {}) {
    Decoder decoder(b.recording);
    return decoder.say(step.value_or(b.now()));
  }
};

TEST_F(Sentence, OfAValueThatChangesTellsBoth) {
  begin("let mut x = 5;\nx = 6;\nrest();\n");
  local("x", integer, -0x10, 1);
  line(2);
  b.write<std::int32_t>(cfa - 0x10, 5);
  EXPECT_EQ(say(), "line 2 is about to run: `x = 6;`; x is now 5");
  line(3);
  b.write<std::int32_t>(cfa - 0x10, 6);
  EXPECT_EQ(say(), "line 3 is about to run: `rest();`; x was 5, is now 6");
}

TEST_F(Sentence, OfAMoveNamesTheBlockAndBothOwners) {
  begin("let x = Box::new(5);\nlet y = x;\nrest();\n");
  const TypeId box = b.box_of(integer);
  local("x", box, -0x10, 1);
  local("y", box, -0x18, 2);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  line(3);
  word(-0x18, heap);
  EXPECT_EQ(say(), "line 3 is about to run: `rest();`; y is now 0x5555555b52a0; block #1 moves from x to y");
}

TEST_F(Sentence, OfACallTellsWhatIsCopiedTakenOverAndBorrowed) {
  begin("let x = Box::new(5);\nlet n = 7;\nf(x, n, &n);\n");
  const TypeId box = b.box_of(integer);
  local("x", box, -0x10, 1);
  local("n", integer, -0x14, 2);
  allocate(heap, 4);
  line(3);
  word(-0x10, heap);
  b.write<std::int32_t>(cfa - 0x14, 7);
  const FrameId f = call("f", 3);
  const auto parameter = [&](std::string name, TypeId type, std::int64_t offset) {
    b.variable(f, {.name = std::move(name),
                   .type = type,
                   .cfa_offset = offset,
                   .line = 1,
                   .kind = VariableKind::parameter});
  };
  parameter("b", box, -0x10);
  parameter("m", integer, -0x14);
  parameter("r", b.pointer("&i32", integer), -0x20);
  b.write<std::uint64_t>(sp - 0x10, heap);
  b.write<std::int32_t>(sp - 0x14, 7);
  b.write<std::uint64_t>(sp - 0x20, cfa - 0x14);
  EXPECT_EQ(
      say(),
      "f is called with b = 0x5555555b52a0, m = 7 and r = 0x7fffffffe4cc: 64 bytes are pushed at "
      "0x7fffffffe420; b takes block #1 over from main's x, m is a copy of main's n and r borrows main's n");
}

TEST_F(Sentence, OfAReleaseSaysWhyAndOfAnAllocationWhosePlaceItTakes) {
  begin("let x = Box::new(5);\n}\n");
  local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {"core::ptr::drop_in_place<alloc::boxed::Box<i32>>"}, 2);
  EXPECT_EQ(
      say(),
      "x goes out of scope: block #1 (4 bytes at 0x5555555b52a0) is freed by main, line 2; its place of "
      "32 bytes can be used again");
  allocate(heap, 8);
  EXPECT_EQ(say(),
            "8 bytes requested from malloc: block #2 at 0x5555555b52a0 (24 usable, chunk 32); it takes the "
            "place that block #1 left");
}

TEST_F(Sentence, OfADoubleFreeNamesTheFirst) {
  begin("free(p);\nfree(p);\n}\n", Language::cpp);
  const BlockId block = allocate(heap, 4);
  release(block, {}, 1);
  const StepIndex first = b.now();
  line(3);
  b.recording.events.push_back({.seq = b.recording.events.size(),
                                .step = b.now(),
                                .thread = {},
                                .op = HeapOp::free,
                                .block = {},
                                .requested = 0,
                                .address = {heap},
                                .argument = {heap}});
  EXPECT_THAT(say(),
              testing::HasSubstr("a double free: block #1 is freed a second time, it was freed at step " +
                                 std::to_string(first) + " by main, line 1"));
  EXPECT_EQ(released_again(b.recording, b.recording.events.back()), block);
}

TEST_F(Sentence, OfUnwindingNamesTheFramesThatAreLeft) {
  begin("f();\n}\n");
  line(1);
  const FrameId f = call("f", 1);
  line(2);
  b.pop(f, EndedBy::unwind);
  EXPECT_EQ(say(), "f is left by unwinding, 64 bytes are popped; line 2 is about to run: `}`");
}

TEST_F(Sentence, OfTheEndCountsWhatWasNeverFreedAndWhatIsLost) {
  begin("int* p = new int(1);\np = nullptr;\n}\n", Language::cpp);
  allocate(heap, 4, HeapOp::operator_new);
  line(3);
  b.step(Cause::returned);
  b.pop(main_frame);
  article::exit_with(b, 0);
  EXPECT_EQ(
      say(),
      "the program exits with status 0; 1 block (4 bytes) was never freed, and nothing leads to #1 any more: "
      "a leak");
}

}  // namespace
}  // namespace situ
