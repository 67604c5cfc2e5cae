#include "decode/releases.h"

#include "decode/release_names.h"
#include "one_frame_fixture.h"

namespace situ {
namespace {

struct Freed : OneFrame {
  FreeReason reason(BlockId block) {
    Decoder decoder(b.recording);
    const FreeReason* found = decoder.free_reason(block);
    if (!found) {
      ADD_FAILURE() << "no reason";
      return {};
    }
    return *found;
  }
  const std::string drop_box = "core::ptr::drop_in_place<alloc::boxed::Box<i32>>";
};

TEST(ReleaseNames, TheLastPartOfAFunctionsName) {
  EXPECT_EQ(last_name("std::vector<std::unique_ptr<int, std::default_delete<int> > >::clear"), "clear");
  EXPECT_EQ(last_name("std::unique_ptr<int>::~unique_ptr"), "~unique_ptr");
  EXPECT_EQ(last_name("<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop"), "drop");
  EXPECT_EQ(last_name("alloc::raw_vec::RawVec<T,A>::grow_one"), "grow_one");
  EXPECT_EQ(last_name("std::unique_ptr<int>::operator="), "operator=");
  EXPECT_EQ(last_name(""), "");
  EXPECT_TRUE(is_destructor("Holder::~Holder"));
  EXPECT_FALSE(is_destructor("Holder::Holder"));
}

TEST_F(Freed, ByTheEndOfItsOwnersScope) {
  begin("let x = Box::new(1);\n}\n");
  const VariableId x = local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {drop_box}, 2);
  const FreeReason why = reason(block);
  EXPECT_EQ(why.kind, FreeKind::scope_end);
  EXPECT_EQ(why.variable, x);
  EXPECT_EQ(why.frame, main_frame);
  EXPECT_EQ(why.line, 2u);
  EXPECT_EQ(why.text, "x goes out of scope");
}

TEST_F(Freed, ByTheOwnerThatTookItOverSinceTheLastStep) {
  begin("let x = Box::new(1);\nlet y = x;\n}\n");
  const TypeId box = b.box_of(integer);
  local("x", box, -0x10, 1);
  const VariableId y = local("y", box, -0x18, 2);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {drop_box}, 3);
  word(-0x18, heap);
  EXPECT_EQ(reason(block).variable, y);
}

TEST_F(Freed, ByAnAssignmentToItsOwner) {
  begin("let mut x = Box::new(1);\nx = Box::new(2);\n}\n");
  const VariableId x = local("x", b.box_of(integer), -0x10, 1);
  const BlockId old = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  allocate(heap + 0x20, 4);
  release(old, {drop_box}, 2);
  EXPECT_EQ(reason(old).kind, FreeKind::reassigned);
  EXPECT_EQ(reason(old).variable, x);
}

TEST_F(Freed, ByACallOfDrop) {
  begin("let x = Box::new(1);\ndrop(x);\n}\n");
  const VariableId x = local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {drop_box, "core::mem::drop"}, 2);
  EXPECT_EQ(reason(block).kind, FreeKind::explicit_drop);
  EXPECT_EQ(reason(block).text, "main drops x");
  EXPECT_EQ(state(x), VariableState::moved);
}

TEST_F(Freed, ByDeleteOfTheNamedPointer) {
  begin("int* p = new int(1);\nint* q = p;\ndelete q;\n}\n", Language::cpp);
  const TypeId int_pointer = b.pointer("int *", integer);
  local("p", int_pointer, -0x10, 1);
  const VariableId q = local("q", int_pointer, -0x18, 2);
  const BlockId block = allocate(heap, 4, HeapOp::operator_new);
  line(3);
  word(-0x10, heap);
  word(-0x18, heap);
  release(block, {}, 3, HeapOp::operator_delete);
  EXPECT_EQ(reason(block).kind, FreeKind::explicit_delete);
  EXPECT_EQ(reason(block).variable, q);
  EXPECT_EQ(reason(block).text, "main deletes q");
}

TEST_F(Freed, ByAContainerThatGrowsAndOneThatLetsGo) {
  begin("v.push_back(1);\nv.clear();\n", Language::cpp);
  const BlockId old = allocate(heap, 4, HeapOp::operator_new);
  const BlockId element = allocate(heap + 0x20, 4, HeapOp::operator_new);
  line(1);
  release(old,
          {"std::_Vector_base<int, std::allocator<int> >::_M_deallocate",
           "std::vector<int, std::allocator<int> >::_M_realloc_insert<int>",
           "std::vector<int, std::allocator<int> >::push_back"},
          1, HeapOp::operator_delete);
  release(element, {"std::unique_ptr<int>::~unique_ptr", "std::vector<std::unique_ptr<int> >::clear"}, 2,
          HeapOp::operator_delete);
  EXPECT_EQ(reason(old).kind, FreeKind::growth);
  EXPECT_EQ(reason(element).kind, FreeKind::removed);
  EXPECT_EQ(reason(element).text, "its container lets it go (clear)");
}

TEST_F(Freed, WithAValueThatHasNoName) {
  begin("use(*Box::new(1));\n");
  const BlockId block = allocate(heap, 4);
  line(1);
  release(block, {drop_box}, 1);
  EXPECT_EQ(reason(block).kind, FreeKind::temporary);
}

TEST_F(Freed, WithTheOwnerOfItsOwner) {
  begin("let h = Box::new(Holder { inner: Box::new(1) });\n}\n");
  const TypeId box = b.box_of(integer);
  const TypeId holder = b.record("p::Holder", 8, {b.field("inner", 0, box)});
  const VariableId h = local("h", b.box_of(holder), -0x10, 1);
  const BlockId inner = allocate(heap, 4), outer = allocate(heap + 0x20, 8);
  line(2);
  b.write<std::uint64_t>(heap + 0x20, heap);
  word(-0x10, heap + 0x20);
  release(inner, {drop_box, "core::ptr::drop_in_place<p::Holder>"}, 2);
  release(outer, {"core::ptr::drop_in_place<alloc::boxed::Box<p::Holder>>"}, 2);
  EXPECT_EQ(reason(inner).variable, h);
  EXPECT_TRUE(reason(inner).through_blocks);
  EXPECT_EQ(reason(inner).text, "h goes out of scope, and what it owns with it");
  EXPECT_EQ(reason(outer).text, "h goes out of scope");
}

TEST_F(Freed, WhileTheStackIsUnwound) {
  begin("let x = Box::new(1);\npanic!();\n}\n");
  local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4);
  line(2);
  word(-0x10, heap);
  release(block, {drop_box}, 1);
  article::exit_with(b, 101);
  b.pop(main_frame, EndedBy::unwind);
  EXPECT_EQ(reason(block).kind, FreeKind::unwinding);
}

TEST_F(Freed, ByAStaticsDestructor) {
  begin("");
  const BlockId block = allocate(heap, 4, HeapOp::operator_new);
  line(1);
  release(block, {"std::unique_ptr<int>::~unique_ptr", "__cxa_finalize"}, 1, HeapOp::operator_delete);
  b.recording.blocks[block.value].free_stack.pop_back();  // nothing of the user's called it
  EXPECT_EQ(reason(block).kind, FreeKind::program_exit);
}

TEST_F(Freed, ALiveBlockHasNoReason) {
  begin("");
  const BlockId block = allocate(heap, 4);
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.free_reason(block), nullptr);
}

}  // namespace
}  // namespace situ
