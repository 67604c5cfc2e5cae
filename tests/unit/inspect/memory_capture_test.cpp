#include "inspect/memory_capture.h"

#include <gtest/gtest.h>

#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

constexpr Address sp{0x20000}, block_a{0x1000}, block_b{0x2000}, block_c{0x3000};

// A stack of one page whose words are all 0 until set, and three live blocks of 64 bytes.
class Capture : public testing::Test {
 protected:
  Capture() : ledger_(recording_) {
    for (const Address a : {block_a, block_b, block_c}) {
      add_block(a, 64);
      fill(a, {});
    }
    put_on_stack({});
  }

  void add_block(Address at, std::uint64_t size) {
    ProbeRecord record;
    record.requested = record.usable = size;
    record.result = at;
    ledger_.apply(record, 0, ThreadId{0});
  }
  void fill(Address at, std::vector<std::uint64_t> words, std::size_t size = 64) {
    words.resize(size / 8);
    memory_.put_words(at, words);
  }
  void put_on_stack(std::vector<std::uint64_t> words) {
    words.insert(words.begin(), 16, 0);  // the red zone
    words.resize(512);
    memory_.put_words(sp - 128, words);
  }
  bool capture(CaptureBudget budget = {}, std::vector<std::uint64_t> roots = {}, StepIndex step = 1) {
    const StackSnapshot stack(memory_, sp, {sp - 128, sp + (4096 - 128)});
    waves_ = 0;
    MemoryCapture capture(recording_, reader(), ledger_, budget);
    capture.set_regions(maps_);
    return capture.capture(step, {&stack}, roots);
  }
  MemoryCapture::ReadMany reader() {
    return [this](std::span<const Tracee::ReadRequest> requests) {
      ++waves_;
      std::vector<std::size_t> counts;
      for (const auto& request : requests) counts.push_back(memory_.read(request.from, request.into));
      return counts;
    };
  }
  bool known(Address at, std::uint64_t size = 64, StepIndex step = 1) const {
    return recording_.memory.seen(step, at, size).has_value();
  }

  Recording recording_;
  Ledger ledger_;
  MemoryParts memory_;
  std::vector<Mapping> maps_;
  int waves_ = 0;
};

TEST_F(Capture, TheStackIsKept) {
  put_on_stack({0x1122334455667788});
  EXPECT_FALSE(capture());
  std::uint64_t word = 0;
  recording_.memory.read(1, sp, std::as_writable_bytes(std::span(&word, 1)));
  EXPECT_EQ(word, 0x1122334455667788u);
  EXPECT_EQ(waves_, 0) << "nothing on the heap is reachable";
}

TEST_F(Capture, BlocksReachableFromTheStackAreKeptAndOthersAreNot) {
  put_on_stack({0, block_a.value});
  fill(block_a, {0, block_b.value + 8});
  EXPECT_FALSE(capture());
  EXPECT_TRUE(known(block_a));
  EXPECT_TRUE(known(block_b)) << "a pointer into its middle reaches it";
  EXPECT_FALSE(known(block_c));
  EXPECT_EQ(waves_, 2) << "one read for each distance from the stack";
}

TEST_F(Capture, APointerPastTheEndDoesNotReachABlock) {
  put_on_stack({block_a.value + 64});
  capture();
  EXPECT_FALSE(known(block_a));
}

TEST_F(Capture, BlocksThatPointAtEachOtherAreReadOnce) {
  put_on_stack({block_a.value, block_b.value});
  fill(block_a, {block_b.value});
  fill(block_b, {block_a.value});
  EXPECT_FALSE(capture());
  EXPECT_EQ(waves_, 1);
}

TEST_F(Capture, RegistersAreRoots) {
  EXPECT_FALSE(capture({}, {block_c.value}));
  EXPECT_TRUE(known(block_c));
}

TEST_F(Capture, TheBudgetCutsTheFarthestAndSaysSo) {
  put_on_stack({block_a.value});
  fill(block_a, {block_b.value});
  EXPECT_TRUE(capture({.bytes_per_stop = 64}));
  EXPECT_TRUE(known(block_a));
  EXPECT_FALSE(known(block_b));
}

TEST_F(Capture, OfALargeBlockTheBeginningIsKept) {
  constexpr Address large{0x8000};
  add_block(large, 4096);
  fill(large, {}, 4096);
  put_on_stack({large.value});
  EXPECT_TRUE(capture({.bytes_per_block = 128}));
  EXPECT_TRUE(known(large, 128));
  EXPECT_FALSE(known(large + 128, 1));
}

TEST_F(Capture, AnUnchangedBlockHasOneVersion) {
  put_on_stack({block_a.value});
  capture();
  capture({}, {}, 2);
  EXPECT_EQ(recording_.memory.versions(block_a).size(), 1u);
  EXPECT_EQ(recording_.memory.seen(2, block_a, 64), 2u);
}

TEST_F(Capture, ReadOnlyTargetsAreReadOnceAndCodeNever) {
  constexpr Address constants{0x50000}, code{0x60000};
  Mapping m;
  m.range = {constants, constants + 0x1000};
  m.readable = true;
  m.path = "/a/file";
  maps_.push_back(m);
  m.range = {code, code + 0x1000};
  m.executable = true;
  maps_.push_back(m);
  memory_.put(constants, std::vector<std::byte>(0x1000));
  memory_.put(code, std::vector<std::byte>(0x1000));
  put_on_stack({constants.value + 0xf80, code.value});

  const StackSnapshot stack(memory_, sp, {sp - 128, sp + (4096 - 128)});
  MemoryCapture capture(recording_, reader(), ledger_, {});
  capture.set_regions(maps_);
  EXPECT_FALSE(capture.capture(1, {&stack}, {}));
  EXPECT_TRUE(known(constants + 0xf80, 128)) << "as far as the mapping goes";
  EXPECT_FALSE(known(code, 1));
  EXPECT_EQ(waves_, 1);
  EXPECT_FALSE(capture.capture(2, {&stack}, {}));
  EXPECT_EQ(waves_, 1);
}

TEST_F(Capture, WhatCannotBeReadIsNotKnown) {
  add_block({0x9000}, 64);  // no memory there
  put_on_stack({0x9000});
  EXPECT_FALSE(capture());
  EXPECT_FALSE(known({0x9000}, 1));
}

TEST_F(Capture, ARangeCanBeReadByItself) {
  fill(block_c, {42});
  MemoryCapture capture(recording_, reader(), ledger_, {});
  capture.capture_range(1, block_c, 64);
  EXPECT_TRUE(known(block_c));
}

}  // namespace
}  // namespace situ
