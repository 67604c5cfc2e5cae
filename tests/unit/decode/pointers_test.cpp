#include "decode/pointers.h"

#include <gtest/gtest.h>

#include "support/article_recordings.h"

namespace situ {
namespace {

// One C++ program with a frame for main; each test adds what its story needs.
struct Pointers : testing::Test {
  static constexpr std::uint64_t cfa = article::main_cfa, sp = cfa - 0x60, heap = article::heap_block;

  void begin(std::string text, Language language = Language::cpp) {
    b.language = language;
    article::begin(b);
    b.source("/home/you/p.cpp", std::move(text));
    integer = b.i32();
    int_pointer = b.pointer("int *", integer);
    main_function = b.function("main", "/home/you/p.cpp", 1);
    Step& called = b.step(Cause::call);
    called.file = "/home/you/p.cpp";
    called.line = 1;
    called.function = main_function;
    called.sp = {sp};
    main_frame = b.push({.function = main_function,
                         .cfa = cfa,
                         .return_address = 0x55555555c010,
                         .pushed = 0x60,
                         .size = 0x60,
                         .call_site = {}});
    b.recording.steps.back().frame = main_frame;
  }
  VariableId local(std::string name, TypeId type, std::int64_t offset, std::uint32_t line = 1) {
    return b.variable(
        main_frame,
        {.name = std::move(name), .type = type, .cfa_offset = offset, .line = line, .marked = true});
  }
  BlockId allocate(std::uint64_t address, std::uint64_t bytes, std::uint32_t line) {
    Step& step = b.step(Cause::alloc);
    step.line = line;
    const BlockId id = b.alloc(address, bytes, HeapOp::operator_new);
    b.recording.steps.back().block = id;
    b.recording.blocks.back().stack = {{main_function, "/home/you/p.cpp", line, {0x55555555b000}}};
    return id;
  }
  void release(BlockId id, std::uint32_t line) {
    Step& step = b.step(Cause::free);
    step.line = line;
    step.block = id;
    b.free(id, HeapOp::operator_delete);
  }
  PointerView pointer(std::string_view path, std::optional<StepIndex> step = {}) {
    Decoder decoder(b.recording);
    const Moment moment = decoder.moment(step.value_or(b.now()));
    for (const PointerView& view : moment.pointers) {
      if (view.path == path) return view;
    }
    ADD_FAILURE() << "no pointer " << path;
    return {};
  }

  RecordingBuilder b;
  TypeId integer, int_pointer;
  FunctionId main_function;
  FrameId main_frame;
};

TEST_F(Pointers, NullAndWildAndUnwritten) {
  begin("");
  local("none", int_pointer, -0x10);
  local("wild", int_pointer, -0x18);
  local("unwritten", int_pointer, -0x20);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, 0);
  b.write<std::uint64_t>(cfa - 0x18, 0x1234);
  EXPECT_EQ(pointer("none").state, PointerState::null);
  EXPECT_EQ(pointer("wild").state, PointerState::wild);
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.moment(b.now()).pointers.size(), 2u);  // what was never written is no pointer
}

TEST_F(Pointers, AnAddressOfAVariableOrOfAPartOfIt) {
  begin("");
  const TypeId pair = b.record("Pair", 8, {b.field("a", 0, integer), b.field("b", 4, integer)});
  const VariableId x = local("x", pair, -0x10);
  local("p", int_pointer, -0x18);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, 1);
  b.write<std::uint64_t>(cfa - 0x18, cfa - 0x10 + 4);
  const PointerView view = pointer("p");
  EXPECT_EQ(view.state, PointerState::valid);
  EXPECT_EQ(view.to->kind, PointerTarget::Kind::variable);
  EXPECT_EQ(view.to->variable, x);
  EXPECT_EQ(view.to->offset, 4u);
  EXPECT_EQ(view.to->path, ".b");
}

TEST_F(Pointers, CodeAndStaticsHaveTheirSymbolsNames) {
  begin("");
  b.recording.symbols.push_back({{0x55555555b0e0}, 32, "frames::bar", SymbolKind::function});
  local("f", int_pointer, -0x10);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, 0x55555555b0e0);
  EXPECT_EQ(pointer("f").to->kind, PointerTarget::Kind::code);
  EXPECT_EQ(pointer("f").to->name, "frames::bar");
}

TEST_F(Pointers, OnePastTheEndOfABlock) {
  begin("int* p = new int[4];\nint* e = p + 4;\n");
  local("e", int_pointer, -0x10);
  const BlockId block = allocate(heap, 16, 1);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, heap + 16);
  EXPECT_EQ(pointer("e").state, PointerState::past_end);
  EXPECT_EQ(pointer("e").to->block, block);
}

TEST_F(Pointers, APointerDanglesFromTheStepThatFrees) {
  begin("int* p = new int(1);\ndelete p;\n");
  local("p", int_pointer, -0x10);
  const BlockId block = allocate(heap, 4, 1);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  const StepIndex before = b.now();
  release(block, 2);
  EXPECT_EQ(pointer("p", before).state, PointerState::valid);
  EXPECT_EQ(pointer("p").state, PointerState::dangling_freed);
  EXPECT_EQ(pointer("p").to->block, block);
}

TEST_F(Pointers, APointerToThePlaceOfAnotherBlockIsDanglingReused) {
  begin("int* a = new int(1);\ndelete a;\nint* b = new int(2);\nuse(b);\n");
  local("a", int_pointer, -0x10, 1);
  local("b", int_pointer, -0x18, 3);
  const BlockId first = allocate(heap, 4, 1);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  release(first, 2);
  b.line(3);
  const BlockId second = allocate(heap, 4, 3);
  b.line(4);
  b.write<std::uint64_t>(cfa - 0x18, heap);
  EXPECT_EQ(pointer("a").state, PointerState::dangling_reused);
  EXPECT_EQ(pointer("a").to->block, second);
  EXPECT_EQ(pointer("b").state, PointerState::valid);
}

TEST_F(Pointers, APointerWrittenAgainWithTheSameAddressIsValid) {
  // The allocator gives the same address in each turn of the loop: the pointer's bytes never change.
  begin("for (;;) {\nint* p = new int(1);\n*p = 2;\ndelete p;\n}\n");
  local("p", int_pointer, -0x10, 2);
  const BlockId first = allocate(heap, 4, 2);
  b.line(3);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  release(first, 4);
  b.line(2);
  allocate(heap, 4, 2);
  const StepIndex allocated = b.now();
  b.line(3);
  EXPECT_EQ(pointer("p", allocated).state, PointerState::dangling_reused);  // not yet written
  EXPECT_EQ(pointer("p").state, PointerState::valid);
}

TEST_F(Pointers, WithoutTheSourceAPointerToALiveBlockIsNotCalledDangling) {
  begin("");
  b.recording.sources.clear();
  local("a", int_pointer, -0x10);
  const BlockId first = allocate(heap, 4, 1);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  release(first, 2);
  allocate(heap, 4, 3);
  b.line(4);
  EXPECT_EQ(pointer("a").state, PointerState::valid);
}

TEST_F(Pointers, APointerToTheOldPlaceOfAMovedBlock) {
  begin("char* p = realloc(q, 64);\n");
  local("q", int_pointer, -0x10);
  const BlockId old = allocate(heap, 4, 1);
  b.line(1);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  const BlockId moved = allocate(heap + 0x40, 64, 1);
  b.free(old, HeapOp::realloc);
  b.recording.blocks[old.value].moved_to = moved;
  b.line(2);
  EXPECT_EQ(pointer("q").state, PointerState::dangling_moved);
}

TEST_F(Pointers, AnAddressOfAPoppedFramesVariableDangles) {
  begin("int* f() {\nint k = 1;\nreturn &k;\n}\nint main() {\nint* p = f();\n}\n");
  local("p", int_pointer, -0x10, 6);
  const FunctionId f = b.function("f", "/home/you/p.cpp", 1);
  Step& called = b.step(Cause::call);
  called.sp = {sp - 0x20};
  const FrameId callee = b.push({.function = f,
                                 .cfa = sp,
                                 .return_address = 0x55555555b110,
                                 .pushed = 0x20,
                                 .size = 0x20,
                                 .call_site = CallSite{"/home/you/p.cpp", 6}});
  b.recording.steps.back().frame = callee;
  const VariableId k = b.variable(callee, {.name = "k", .type = integer, .cfa_offset = -0x14, .line = 2});
  b.write<std::int32_t>(sp - 0x14, 1);
  b.step(Cause::returned).sp = {sp};
  b.pop(callee);
  Step& after = b.line(7);
  after.frame = main_frame;
  b.write<std::uint64_t>(cfa - 0x10, sp - 0x14);
  const PointerView view = pointer("p");
  EXPECT_EQ(view.state, PointerState::dangling_frame);
  EXPECT_EQ(view.to->variable, k);
}

TEST_F(Pointers, AnAddressOfAPoppedFrameStaysDanglingWhenAnotherFrameTakesItsPlace) {
  begin("int* f(int** w) {\nint k = 1;\n*w = &k;\n}\nint main() {\nint* p;\nf(&p);\nputs(0);\n}\n");
  local("p", int_pointer, -0x10, 6);
  const auto call = [&](FunctionId function, std::uint32_t line) {
    b.step(Cause::call).sp = {sp - 0x20};
    const FrameId callee = b.push({.function = function,
                                   .cfa = sp,
                                   .return_address = 0x55555555b110,
                                   .pushed = 0x20,
                                   .size = 0x20,
                                   .call_site = CallSite{"/home/you/p.cpp", line}});
    b.recording.steps.back().frame = callee;
    return callee;
  };
  const auto leave = [&](FrameId frame) {
    b.step(Cause::returned).sp = {sp};
    b.pop(frame);
    b.line(8).frame = main_frame;
  };
  const FrameId first = call(b.function("f", "/home/you/p.cpp", 1), 7);
  const VariableId k = b.variable(first, {.name = "k", .type = integer, .cfa_offset = -0x14, .line = 2});
  b.line(4).frame = first;
  b.write<std::uint64_t>(cfa - 0x10, sp - 0x14);
  EXPECT_EQ(pointer("p").state, PointerState::valid);
  leave(first);
  const auto expect_gone = [&] {
    const PointerView view = pointer("p");
    EXPECT_EQ(view.state, PointerState::dangling_frame);
    ASSERT_TRUE(view.to);
    EXPECT_EQ(view.to->variable, k);
  };
  expect_gone();
  const FrameId second = call(b.function("puts", "", 0), 8);
  expect_gone();
  b.line(8).frame = second;
  expect_gone();
  leave(second);
  expect_gone();
}

TEST_F(Pointers, OnePastTheEndOfAnArrayOnTheStack) {
  begin("int row[4];\nlong next;\nint* e = row + 4;\n");
  const VariableId row = local("row", b.array(integer, 4), -0x30);
  local("next", b.pointer("long *", integer), -0x20);
  local("e", int_pointer, -0x10);
  local("f", b.pointer("long **", b.pointer("long *", integer)), -0x18);
  b.line(3);
  b.write<std::uint64_t>(cfa - 0x10, cfa - 0x20);
  b.write<std::uint64_t>(cfa - 0x18, cfa - 0x20);
  EXPECT_EQ(pointer("e").state, PointerState::past_end);
  EXPECT_EQ(pointer("e").to->variable, row);
  EXPECT_EQ(pointer("e").to->offset, 16u);
  EXPECT_EQ(pointer("f").state, PointerState::valid);  // what it points to begins there
}

TEST_F(Pointers, AnArgumentThatPointsIntoTheCallerIsValid) {
  begin("void f(int* q) {\n}\nint main() {\nint x = 1;\nf(&x);\n}\n");
  const VariableId x = local("x", integer, -0x10, 4);
  b.line(5);
  b.write<std::int32_t>(cfa - 0x10, 1);
  const FunctionId f = b.function("f", "/home/you/p.cpp", 1);
  // Twice, at the same place: the second argument's bytes are those the first call left.
  for (int i = 0; i < 2; ++i) {
    b.step(Cause::call).sp = {sp - 8};
    const FrameId callee = b.push({.function = f,
                                   .cfa = sp,
                                   .return_address = 0x55555555b110,
                                   .pushed = 8,
                                   .size = 16,
                                   .call_site = {}});
    b.recording.steps.back().frame = callee;
    b.variable(
        callee,
        {.name = "q", .type = int_pointer, .cfa_offset = -0x10, .line = 1, .kind = VariableKind::parameter});
    b.write<std::uint64_t>(sp - 0x10, cfa - 0x10);
    EXPECT_EQ(pointer("q").state, PointerState::valid);
    EXPECT_EQ(pointer("q").to->variable, x);
    b.step(Cause::returned).sp = {sp};
    b.pop(callee);
  }
}

TEST_F(Pointers, ASmallStringPointsIntoItself) {
  begin("");
  Type declared = b.blank("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >",
                          TypeKind::record, 32);
  declared.declaration_only = true;
  local("s", b.type(declared), -0x30);
  b.line(2);
  b.write(cfa - 0x30, std::array<std::uint64_t, 4>{cfa - 0x20, 2, 0, 0});
  b.write_text(cfa - 0x20, std::string_view("hi\0", 3));
  EXPECT_EQ(pointer("s").state, PointerState::valid);
  EXPECT_EQ(pointer("s").to->kind, PointerTarget::Kind::self);
}

TEST_F(Pointers, OfTwoRustOwnersTheOneWrittenLastOwns) {
  begin("let x = Box::new(5);\nlet y = x;\n", Language::rust);
  const TypeId box = b.box_of(integer);
  local("x", box, -0x10, 1);
  local("y", box, -0x18, 2);
  allocate(heap, 4, 1);
  b.line(2);
  b.write<std::int32_t>(heap, 5);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  EXPECT_EQ(pointer("x").state, PointerState::valid);
  b.line(3);
  b.write<std::uint64_t>(cfa - 0x18, heap);
  EXPECT_EQ(pointer("x").state, PointerState::moved_from);
  EXPECT_EQ(pointer("y").state, PointerState::valid);
  Decoder decoder(b.recording);
  const Moment moment = decoder.moment(b.now());
  const auto& variables = moment.threads[0].frames[0].variables;
  EXPECT_EQ(variables[0].state, VariableState::moved);
  EXPECT_EQ(variables[1].state, VariableState::live);
}

TEST_F(Pointers, ARustOwnerThatWasDroppedElsewhereIsMovedFromNotDangling) {
  begin("let x = Box::new(5);\ndrop(x);\nrest();\n", Language::rust);
  local("x", b.box_of(integer), -0x10, 1);
  const BlockId block = allocate(heap, 4, 1);
  b.line(2);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  release(block, 2);
  b.line(3);
  EXPECT_EQ(pointer("x").state, PointerState::moved_from);
}

TEST_F(Pointers, ARustOwnerGivenToACalleeIsMovedFromAlsoWhileTheCalleeFreesIt) {
  begin("fn take(b: Box<i32>) {\n}\nfn main() {\nlet x = Box::new(5);\ntake(x);\n}\n", Language::rust);
  const TypeId box = b.box_of(integer);
  local("x", box, -0x10, 4);
  const BlockId block = allocate(heap, 4, 4);
  b.line(5);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  const FunctionId take = b.function("take", "/home/you/p.cpp", 1);
  b.step(Cause::call).sp = {sp - 0x18};
  const FrameId callee = b.push({.function = take,
                                 .cfa = sp,
                                 .return_address = 0x55555555b110,
                                 .pushed = 0x18,
                                 .size = 0,
                                 .call_site = {}});
  b.recording.steps.back().frame = callee;
  b.variable(callee,
             {.name = "b", .type = box, .cfa_offset = -0x10, .line = 1, .kind = VariableKind::parameter});
  b.write<std::uint64_t>(sp - 0x10, heap);
  EXPECT_EQ(pointer("x").state, PointerState::moved_from);
  EXPECT_EQ(pointer("b").state, PointerState::valid);
  release(block, 2);
  EXPECT_EQ(pointer("x").state, PointerState::moved_from);
}

TEST_F(Pointers, PointersInBlocksAreFollowedAndACycleEnds) {
  begin("");
  const TypeId node = b.record("Node", 16, {b.field("value", 0, integer)});
  const TypeId node_pointer = b.pointer("Node *", node);
  b.recording.types[node.value].fields.push_back(b.field("next", 8, node_pointer));
  local("head", node_pointer, -0x10);
  const BlockId first = allocate(heap, 16, 1), second = allocate(heap + 0x20, 16, 1);
  b.line(2);
  b.write<std::int32_t>(heap, 1);
  b.write<std::uint64_t>(heap + 8, heap + 0x20);
  b.write<std::int32_t>(heap + 0x20, 2);
  b.write<std::uint64_t>(heap + 0x28, heap);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  Decoder decoder(b.recording);
  const Moment moment = decoder.moment(b.now());
  ASSERT_EQ(moment.blocks.size(), 2u);
  EXPECT_EQ(moment.blocks[1].type, node);
  EXPECT_EQ(pointer("#1.next").to->block, second);
  EXPECT_EQ(pointer("#2.next").to->block, first);
  EXPECT_EQ(pointer("#2.next").offset, 8u);
}

TEST_F(Pointers, ABlocksTypeIsItsOwnersAndDoesNotChangeBetweenSteps) {
  begin("", Language::rust);
  const TypeId byte = b.u8();
  local("raw", b.pointer("*const u8", byte), -0x10);
  local("owner", b.box_of(integer), -0x18);
  const BlockId block = allocate(heap, 4, 1);
  b.line(2);
  b.write<std::int32_t>(heap, 7);
  b.write<std::uint64_t>(cfa - 0x10, heap);
  b.line(3);
  b.write<std::uint64_t>(cfa - 0x18, heap);
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.block_type(block).type, integer);
  EXPECT_EQ(decoder.block_type(block).all.size(), 2u);
  EXPECT_EQ(decoder.moment(b.now() - 1).blocks.at(0).value.text, "7");
}

TEST_F(Pointers, AnArrayOfUnknownOwnerIsCountedByItsSize) {
  begin("");
  local("p", int_pointer, -0x10);
  Step& step = b.step(Cause::alloc);
  step.block = b.alloc(heap, 12, HeapOp::malloc);
  b.line(2);
  b.write(heap, std::array<std::int32_t, 3>{1, 2, 3});
  b.write<std::uint64_t>(cfa - 0x10, heap);
  Decoder decoder(b.recording);
  EXPECT_EQ(decoder.moment(b.now()).blocks.at(0).value.text, "[1, 2, 3]");
}

}  // namespace
}  // namespace situ
