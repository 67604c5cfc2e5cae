#include "analysis/leaks.h"

#include <gtest/gtest.h>

#include "support/article_recordings.h"

namespace situ {
namespace {

// main has allocated; each test says what leads to the blocks when the program ends.
struct Leaks : testing::Test {
  static constexpr std::uint64_t heap = article::heap_block, data = 0x555555590000;

  Leaks() {
    b.language = Language::cpp;
    article::begin(b);
    b.region(RegionKind::static_data, data, data + 0x1000);
    main_function = b.function("main", "/home/you/p.cpp", 1);
    b.step(Cause::call).sp = {article::main_cfa - 0x40};
    main_frame = b.push({.function = main_function,
                         .cfa = article::main_cfa,
                         .return_address = 0x55555555c010,
                         .pushed = 0x40,
                         .size = 0x40,
                         .call_site = {}});
    b.line(2);
  }
  BlockId allocate(std::uint64_t address, std::uint64_t bytes) {
    const BlockId id = b.alloc(address, bytes);
    b.recording.blocks.back().stack = {{main_function, "/home/you/p.cpp", 2, {0x55555555b000}}};
    return id;
  }
  void end() {
    b.step(Cause::returned);
    b.pop(main_frame);
    article::exit_with(b, 0);
  }

  RecordingBuilder b;
  FunctionId main_function;
  FrameId main_frame;
};

TEST_F(Leaks, ABlockThatNothingLeadsToIsLostAndItsSiteIsTold) {
  const BlockId block = allocate(heap, 4);
  b.write<std::uint64_t>(article::main_cfa - 0x10, heap);  // a local of main, popped at the end
  end();
  const auto lost = leaks(b.recording);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].block, block);
  EXPECT_EQ(lost[0].bytes, 4u);
  EXPECT_EQ(lost[0].line, 2u);
  EXPECT_TRUE(lost[0].direct);
}

TEST_F(Leaks, WhatAStaticLeadsToIsStillReachable) {
  allocate(heap, 16);
  allocate(heap + 0x20, 4);
  b.write<std::uint64_t>(data + 8, heap);
  b.write<std::uint64_t>(heap, heap + 0x20);
  end();
  EXPECT_TRUE(leaks(b.recording).empty());
}

TEST_F(Leaks, WhatMainStillHoldsWhenTheProgramCallsExitIsReachable) {
  allocate(heap, 4);
  b.write<std::uint64_t>(article::main_cfa - 0x10, heap);
  article::exit_with(b, 0);
  EXPECT_TRUE(leaks(b.recording).empty());
}

TEST_F(Leaks, WhatOnlyALostBlockLeadsToIsLostWithIt) {
  allocate(heap, 16);
  allocate(heap + 0x20, 4);
  b.write<std::uint64_t>(heap, heap + 0x20);
  end();
  const auto lost = leaks(b.recording);
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_TRUE(lost[0].direct);
  EXPECT_FALSE(lost[1].direct);
}

TEST_F(Leaks, OfARingOneBlockIsTheFirst) {
  allocate(heap, 16);
  allocate(heap + 0x20, 16);
  b.write<std::uint64_t>(heap, heap + 0x20);
  b.write<std::uint64_t>(heap + 0x20, heap);
  end();
  const auto lost = leaks(b.recording);
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_TRUE(lost[0].direct);
  EXPECT_FALSE(lost[1].direct);
}

TEST_F(Leaks, ARecordingWithoutItsEndAccusesNothing) {
  allocate(heap, 4);
  EXPECT_TRUE(leaks(b.recording).empty());
}

}  // namespace
}  // namespace situ
