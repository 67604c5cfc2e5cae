#include "decode/container_words.h"

#include <array>

#include "decode/free_reason.h"
#include "one_frame_fixture.h"

namespace situ {
namespace {

struct ContainerBlocks : OneFrame {
  // std::set<int>: {comparison, header {color, root, first, last}, count}.
  TypeId set_of_ints() {
    const TypeId base = b.record("std::_Rb_tree_node_base", 32, {});
    const TypeId link = b.pointer("std::_Rb_tree_node_base*", base);
    b.recording.types[base.value].fields = {b.field("_M_color", 0, integer), b.field("_M_parent", 8, link),
                                            b.field("_M_left", 16, link), b.field("_M_right", 24, link)};
    node =
        b.record("std::_Rb_tree_node<int>", 40,
                 {b.field("std::_Rb_tree_node_base", 0, base), b.field("_M_storage", 32, b.array(b.u8(), 4))},
                 {{"_Val", integer}});
    const TypeId allocator =
        b.record("std::__new_allocator<std::_Rb_tree_node<int> >", 1, {}, {{"_Tp", node}});
    return b.record("std::set<int>", 48,
                    {b.field("allocator", 0, allocator), b.field("_M_header", 8, base),
                     b.field("_M_node_count", 40, b.usize())},
                    {{"_Key", integer}});
  }
  void write_node(std::uint64_t at, std::uint64_t parent, std::uint64_t below, std::int32_t value) {
    b.write(at, std::array<std::uint64_t, 4>{0, parent, below, 0});
    b.write<std::int32_t>(at + 32, value);
  }
  // {1, 2}: 2 is the root, 1 left of it.
  void two_nodes() {
    begin("std::set<int> s{1, 2};\n}\n", Language::cpp);
    set = local("s", set_of_ints(), -0x30);
    root = allocate(heap, 40, HeapOp::operator_new);
    left = allocate(heap + 0x40, 40, HeapOp::operator_new);
    line(2);
    write_node(heap, cfa - 0x28, heap + 0x40, 2);
    write_node(heap + 0x40, heap, 0, 1);
    b.write(cfa - 0x30, std::array<std::uint64_t, 6>{0, 0, heap, heap + 0x40, heap, 2});
  }

  TypeId node;
  VariableId set;
  BlockId root, left;
};

TEST_F(ContainerBlocks, ATreesNodesHaveTheirTypeAndShowWhatTheyHold) {
  two_nodes();
  Decoder decoder(b.recording);
  const Moment moment = decoder.moment(b.now());
  ASSERT_EQ(moment.blocks.size(), 2u);
  EXPECT_EQ(moment.blocks[0].type, node);
  EXPECT_EQ(moment.blocks[0].value.text, "[2]");
  EXPECT_EQ(moment.blocks[1].value.text, "[1]");
}

TEST_F(ContainerBlocks, ATreeOwnsItsRootAndEachNodeThoseBelowIt) {
  two_nodes();
  Decoder decoder(b.recording);
  std::vector<std::string> owners;
  for (const PointerView& view : decoder.moment(b.now()).pointers) {
    if (view.state != PointerState::valid) continue;
    EXPECT_EQ(view.kind, PointerKind::owner);
    owners.push_back(view.path + " " + block_label(b.recording.at(*view.to->block)));
  }
  EXPECT_EQ(owners, (std::vector<std::string>{"s #1", "#1 #2"}));
}

TEST_F(ContainerBlocks, ANodeGoesWithTheContainerThatOwnsItByWayOfOthers) {
  two_nodes();
  release(left, {"std::set<int>::~set"}, 2, HeapOp::operator_delete);
  release(root, {"std::set<int>::~set"}, 2, HeapOp::operator_delete);
  line(2);
  Decoder decoder(b.recording);
  for (const BlockId block : {root, left}) {
    const FreeReason* reason = decoder.free_reason(block);
    ASSERT_NE(reason, nullptr);
    EXPECT_EQ(reason->kind, FreeKind::scope_end);
    EXPECT_EQ(reason->variable, set);
    EXPECT_EQ(reason->through_blocks, block == left);
  }
}

TEST_F(ContainerBlocks, WhatCannotBeATreeOwnsNothing) {
  two_nodes();
  b.write<std::uint64_t>(cfa - 0x30 + 40, 0);  // no nodes, and a root
  const MemoryAtStep memory(b.recording.memory, b.now());
  const Type& type = b.recording.at(*b.recording.at(set).type);
  EXPECT_FALSE(container_words(b.recording, type, Bytes({}, Address{cfa - 0x30}, memory)));
}

// A Rust ring: what was never written, or was taken out, is not looked into.
TEST_F(ContainerBlocks, OfARingOfPointersOnlyWhatWasWrittenCounts) {
  begin("");
  const TypeId box = b.box_of(integer);
  const TypeId words = b.pointer("*mut u8", b.u8());
  const TypeId ring = b.record("alloc::collections::vec_deque::VecDeque<alloc::boxed::Box<i32>>", 32,
                               {b.field("head", 0, b.usize()), b.field("len", 8, b.usize()),
                                b.field("cap", 16, b.usize()), b.field("ptr", 24, words)},
                               {{"T", box}});
  const auto counted = [&](std::uint64_t head, std::uint64_t length) {
    b.step(Cause::line);
    b.write(cfa - 0x40, std::array<std::uint64_t, 4>{head, length, 4, heap});
    const MemoryAtStep memory(b.recording.memory, b.now());
    const auto found =
        container_words(b.recording, b.recording.at(ring), Bytes({}, Address{cfa - 0x40}, memory));
    return found && found->owners.size() == 1 ? found->owners[0].count : std::nullopt;
  };
  EXPECT_EQ(counted(0, 3), 3u);
  EXPECT_EQ(counted(1, 2), 0u);
  EXPECT_EQ(counted(3, 3), 2u);  // one at the end, two wrapped around
  EXPECT_EQ(counted(9, 3), std::nullopt);
}

}  // namespace
}  // namespace situ
