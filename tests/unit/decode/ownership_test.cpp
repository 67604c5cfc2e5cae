#include "decode/ownership.h"

#include "one_frame_fixture.h"

namespace situ {
namespace {

using Moves = OneFrame;

TEST_F(Moves, AStructTakesItsPartsOverAndIsMovedAsAWhole) {
  begin("let a = Box::new(1);\nlet h = Holder { inner: a, n: 3 };\nlet k = h;\nrest();\n");
  const TypeId box = b.box_of(integer);
  const TypeId holder = b.record("p::Holder", 16, {b.field("inner", 0, box), b.field("n", 8, integer)});
  const VariableId a = local("a", box, -0x10, 1), h = local("h", holder, -0x20, 2),
                   k = local("k", holder, -0x30, 3);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  line(3);
  word(-0x20, heap);
  word(-0x18, 3);
  EXPECT_EQ(state(a), VariableState::moved);
  EXPECT_EQ(view_of(a).moved_to, h);
  EXPECT_EQ(state(h), VariableState::live);
  line(4);
  word(-0x30, heap);
  word(-0x28, 3);
  EXPECT_EQ(state(a), VariableState::moved);
  EXPECT_EQ(state(h), VariableState::moved);
  EXPECT_EQ(pointer("h.inner"), PointerState::moved_from);
  EXPECT_EQ(state(k), VariableState::live);
  EXPECT_EQ(pointer("k.inner"), PointerState::valid);
}

TEST_F(Moves, ABorrowMovesNothing) {
  begin("let a = Box::new(1);\nlet r = &a;\nlet raw = &*a;\nrest();\n");
  const TypeId box = b.box_of(integer);
  const VariableId a = local("a", box, -0x10, 1);
  local("r", b.pointer("&" + b.recording.at(box).name, box), -0x18, 2);
  local("raw", b.pointer("&i32", integer), -0x20, 3);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  line(4);
  word(-0x18, cfa - 0x10);
  word(-0x20, heap);
  EXPECT_EQ(state(a), VariableState::live);
  EXPECT_EQ(pointer("a"), PointerState::valid);
  EXPECT_EQ(pointer("raw"), PointerState::valid);
}

TEST_F(Moves, ACopyOfAnAddressInANumberMovesNothing) {
  begin("let a = Box::new(1);\nlet n = addr(&a);\nrest();\n");
  const VariableId a = local("a", b.box_of(integer), -0x10, 1);
  local("n", b.usize(), -0x18, 2);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  line(3);
  word(-0x18, heap);
  EXPECT_EQ(state(a), VariableState::live);
}

TEST_F(Moves, AMovedVariableThatGetsANewValueIsLiveAgain) {
  begin("let mut x = Box::new(1);\nlet y = x;\nx = Box::new(2);\nrest();\n");
  const TypeId box = b.box_of(integer);
  const VariableId x = local("x", box, -0x10, 1);
  local("y", box, -0x18, 2);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  line(3);
  word(-0x18, heap);
  EXPECT_EQ(state(x), VariableState::moved);
  allocate(heap + 0x20, 4);
  line(4);
  word(-0x10, heap + 0x20);
  EXPECT_EQ(state(x), VariableState::live);
  EXPECT_EQ(pointer("x"), PointerState::valid);
}

TEST_F(Moves, WhatIsGivenBackToTheSameBitsIsOwnedAgain) {
  begin("let mut x = Box::new(1);\nx = pass(x);\nrest();\nmore();\n");
  const TypeId box = b.box_of(integer);
  const VariableId x = local("x", box, -0x10, 1);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  const FrameId pass = call("pass", 2);
  b.variable(pass,
             {.name = "s", .type = box, .cfa_offset = -0x10, .line = 1, .kind = VariableKind::parameter});
  b.write<std::uint64_t>(sp - 0x10, heap);
  EXPECT_EQ(state(x), VariableState::moved);
  return_from(pass);
  EXPECT_EQ(state(x), VariableState::moved);
  line(3);
  EXPECT_EQ(state(x), VariableState::live);
  EXPECT_EQ(pointer("x"), PointerState::valid);
}

TEST_F(Moves, WhatACalleeKeptStaysMovedWhenItReturns) {
  begin("let x = Box::new(1);\nkeep(x);\nrest();\nmore();\n");
  const TypeId box = b.box_of(integer);
  const VariableId x = local("x", box, -0x10, 1);
  allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  const FrameId keep = call("keep", 2);
  b.variable(keep,
             {.name = "s", .type = box, .cfa_offset = -0x10, .line = 1, .kind = VariableKind::parameter});
  b.write<std::uint64_t>(sp - 0x10, heap);
  return_from(keep);
  line(3);
  EXPECT_EQ(state(x), VariableState::moved);
  line(4);
  EXPECT_EQ(state(x), VariableState::moved);
}

TEST_F(Moves, OfMoreSharersThanTheCountTheOneTheLineNamesHasMoved) {
  begin("let r = Rc::new(5);\nlet s = Rc::clone(&r);\nlet t = r;\nrest();\n");
  const TypeId inner = b.record(
      "alloc::rc::RcInner<i32>", 24,
      {b.field("strong", 0, b.usize()), b.field("weak", 8, b.usize()), b.field("value", 16, integer)});
  const TypeId rc = b.record("alloc::rc::Rc<i32, alloc::alloc::Global>", 8,
                             {b.field("ptr", 0, b.pointer("*const alloc::rc::RcInner<i32>", inner))});
  const VariableId r = local("r", rc, -0x10, 1), s = local("s", rc, -0x18, 2), t = local("t", rc, -0x20, 3);
  allocate(heap, 24);
  line(2);
  b.write(heap, std::array<std::uint64_t, 3>{1, 1, 5});
  word(-0x10, heap);
  line(3);
  b.write(heap, std::array<std::uint64_t, 3>{2, 1, 5});
  word(-0x18, heap);
  EXPECT_EQ(state(r), VariableState::live);
  line(4);
  word(-0x20, heap);
  EXPECT_EQ(state(r), VariableState::moved);
  EXPECT_EQ(state(s), VariableState::live);
  EXPECT_EQ(state(t), VariableState::live);
}

TEST_F(Moves, WithoutTheSourceNoSharerIsAccused) {
  begin("");
  const TypeId inner = b.record(
      "alloc::rc::RcInner<i32>", 24,
      {b.field("strong", 0, b.usize()), b.field("weak", 8, b.usize()), b.field("value", 16, integer)});
  const TypeId rc = b.record("alloc::rc::Rc<i32, alloc::alloc::Global>", 8,
                             {b.field("ptr", 0, b.pointer("*const alloc::rc::RcInner<i32>", inner))});
  const VariableId r = local("r", rc, -0x10, 1);
  local("t", rc, -0x20, 3);
  allocate(heap, 24);
  line(2);
  b.write(heap, std::array<std::uint64_t, 3>{1, 1, 5});
  word(-0x10, heap);
  line(4);
  word(-0x20, heap);
  EXPECT_EQ(state(r), VariableState::live);
}

TEST_F(Moves, ACppMoveEmptiesItsSource) {
  begin("auto a = make(1);\nauto b = std::move(a);\na = make(2);\nrest();\n", Language::cpp);
  const TypeId int_pointer = b.pointer("int *", integer);
  const TypeId unique = b.record("std::unique_ptr<int, std::default_delete<int> >", 8,
                                 {b.field("_M_head_impl", 0, int_pointer)});
  const VariableId a = local("a", unique, -0x10, 1), c = local("b", unique, -0x18, 2);
  allocate(heap, 4, HeapOp::operator_new);
  line(2);
  word(-0x10, heap);
  line(3);
  word(-0x10, 0);
  word(-0x18, heap);
  EXPECT_EQ(state(a), VariableState::moved);
  EXPECT_EQ(view_of(a).moved_to, c);
  EXPECT_EQ(view_of(a).value.text, "null");
  EXPECT_EQ(pointer("a"), PointerState::null);
  EXPECT_EQ(state(c), VariableState::live);
  allocate(heap + 0x20, 4, HeapOp::operator_new);
  line(4);
  word(-0x10, heap + 0x20);
  EXPECT_EQ(state(a), VariableState::live);
}

TEST_F(Moves, AClosureSeesWhatItCapturedWithoutTakingIt) {
  begin("let a = Box::new(1);\nlet f = || *a;\nf();\nrest();\n");
  const TypeId box = b.box_of(integer);
  const VariableId a = local("a", box, -0x10, 1);
  allocate(heap, 4);
  line(3);
  word(-0x10, heap);
  const FrameId closure = call("main::{closure#0}", 3);
  // The closure's `a` is main's own word, reached through the captured reference.
  b.variable(closure, {.name = "a", .type = box, .cfa_offset = 0x70, .line = 1});
  EXPECT_EQ(state(a), VariableState::live);
  EXPECT_EQ(pointer("a"), PointerState::valid);
}

TEST_F(Moves, AVariableDroppedAtTheEndOfItsScopeHasEnded) {
  begin("let x = Box::new(1);\n}\n");
  const VariableId x = local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {"core::ptr::drop_in_place<alloc::boxed::Box<i32>>"}, 2);
  EXPECT_EQ(state(x), VariableState::live);
  EXPECT_EQ(pointer("x"), PointerState::dangling_freed);
  line(2);
  EXPECT_EQ(state(x), VariableState::ended);
}

}  // namespace
}  // namespace situ
