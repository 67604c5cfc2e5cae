#include "heap/ledger.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

class LedgerTest : public testing::Test {
 protected:
  static constexpr Address a{0x1000}, b{0x2000};

  HeapChange apply(ProbeRecord record) {
    record.seq = seq_++;
    const auto change = ledger_.apply(record, step_, ThreadId{thread_});
    EXPECT_EQ(change.has_value(), record.phase != HeapPhase::realloc_begin);
    return change.value_or(HeapChange{});
  }
  BlockId allocate(Address at, std::uint64_t bytes) {
    const auto change =
        apply({.op = HeapOp::malloc, .requested = bytes, .result = at, .usable = 24, .header = 0x21});
    EXPECT_TRUE(change.born);
    return change.born.value_or(BlockId{0});
  }
  HeapChange release(Address at) {
    return apply({.op = HeapOp::free, .phase = HeapPhase::releasing, .argument = at});
  }
  void begin_realloc(Address from, std::uint64_t bytes) {
    apply({.thread_pointer = {thread_},
           .op = HeapOp::realloc,
           .phase = HeapPhase::realloc_begin,
           .requested = bytes,
           .argument = from});
  }
  HeapChange end_realloc(Address from, std::uint64_t bytes, Address to) {
    return apply({.thread_pointer = {thread_},
                  .op = HeapOp::realloc,
                  .phase = HeapPhase::realloc_end,
                  .requested = bytes,
                  .argument = from,
                  .result = to,
                  .usable = bytes + 8,
                  .header = 0x41});
  }
  HeapChange realloc(Address from, std::uint64_t bytes, Address to) {
    begin_realloc(from, bytes);
    return end_realloc(from, bytes, to);
  }
  const Block& block(BlockId id) { return recording_.at(id); }

  Recording recording_;
  Ledger ledger_{recording_};
  std::uint64_t seq_ = 0;
  StepIndex step_ = 0;
  std::uint32_t thread_ = 0;
};

TEST_F(LedgerTest, AnAllocationIsABlockWithItsSizes) {
  step_ = 4;
  const auto id = allocate(a, 10);
  EXPECT_EQ(block(id).address, a);
  EXPECT_EQ(block(id).sizes.at(0).requested, 10u);
  EXPECT_EQ(block(id).sizes.at(0).usable, 24u);
  EXPECT_EQ(block(id).sizes.at(0).chunk, 32u);
  EXPECT_EQ(block(id).header, 0x21u);
  EXPECT_EQ(block(id).life, (Lifetime{4, std::nullopt}));
  EXPECT_EQ(recording_.events.at(0).block, id);
  EXPECT_EQ(recording_.events.at(0).address, a);
  EXPECT_EQ(ledger_.live_at(a), id);
}

TEST_F(LedgerTest, FreedSlotIsReusedByTheNextAllocation) {
  const auto first = allocate(a, 10);
  step_ = 1;
  thread_ = 3;
  EXPECT_EQ(release(a).died, first);
  const auto second = allocate(a, 12);
  EXPECT_EQ(block(first).life.died, 1u);
  EXPECT_EQ(block(first).freed_by, HeapOp::free);
  EXPECT_EQ(block(first).freed_by_thread, ThreadId{3});
  EXPECT_EQ(block(second).tenant, 2u);
  EXPECT_EQ(ledger_.live_at(a), second);
}

TEST_F(LedgerTest, ASecondFreeIsUnknownAndChangesNothing) {
  const auto id = allocate(a, 10);
  step_ = 1;
  release(a);
  step_ = 2;
  const auto change = release(a);
  EXPECT_TRUE(change.unknown_release);
  EXPECT_FALSE(change.died);
  EXPECT_EQ(block(id).life.died, 1u);
  EXPECT_EQ(recording_.events.at(change.event).block, std::nullopt);
  EXPECT_EQ(recording_.events.at(change.event).address, a);
}

TEST_F(LedgerTest, AFailedAllocationIsAnEventWithoutABlock) {
  const auto change = apply({.op = HeapOp::malloc, .requested = 1ULL << 62});
  EXPECT_FALSE(change.born);
  EXPECT_TRUE(recording_.blocks.empty());
  EXPECT_EQ(recording_.events.at(change.event).requested, 1ULL << 62);
}

TEST_F(LedgerTest, AReallocInPlaceIsANewSizeOfTheSameBlock) {
  const auto id = allocate(a, 10);
  step_ = 5;
  EXPECT_EQ(realloc(a, 40, a).resized, id);
  ASSERT_EQ(block(id).sizes.size(), 2u);
  EXPECT_EQ(block(id).sizes[0].life, (Lifetime{0, 5}));
  EXPECT_EQ(block(id).sizes[1].requested, 40u);
  EXPECT_EQ(block(id).sizes[1].chunk, 64u);
  EXPECT_EQ(block(id).header, 0x41u);
  EXPECT_FALSE(block(id).life.died);
}

TEST_F(LedgerTest, AReallocThatMovesEndsTheBlockAndNamesTheNext) {
  const auto id = allocate(a, 10);
  step_ = 2;
  const auto change = realloc(a, 400, b);
  EXPECT_EQ(change.died, id);
  ASSERT_TRUE(change.born);
  EXPECT_EQ(block(id).moved_to, change.born);
  EXPECT_EQ(block(id).life.died, 2u);
  EXPECT_EQ(block(*change.born).by, HeapOp::realloc);
  EXPECT_EQ(recording_.events.at(change.event).block, change.born);
  EXPECT_EQ(recording_.events.at(change.event).argument, a);
  EXPECT_EQ(ledger_.live_at(a), std::nullopt);
}

TEST_F(LedgerTest, AReallocToNothingReleases) {
  const auto id = allocate(a, 10);
  const auto change = realloc(a, 0, {});
  EXPECT_EQ(change.died, id);
  EXPECT_FALSE(change.born);
  EXPECT_EQ(recording_.events.at(change.event).block, id);
  EXPECT_EQ(block(id).freed_by, HeapOp::realloc);
}

TEST_F(LedgerTest, AReallocThatFailsLeavesTheBlock) {
  const auto id = allocate(a, 10);
  const auto change = realloc(a, 1ULL << 62, {});
  EXPECT_FALSE(change.died || change.born || change.resized || change.unknown_release);
  EXPECT_EQ(ledger_.live_at(a), id);
  EXPECT_EQ(block(id).sizes.size(), 1u);
}

TEST_F(LedgerTest, AReallocOfAForeignBlockIsUnknownAndItsResultABlock) {
  const auto change = realloc(a, 10, b);
  EXPECT_TRUE(change.unknown_release);
  EXPECT_EQ(ledger_.live_at(b), change.born);
}

TEST_F(LedgerTest, AnotherThreadMayBeGivenTheOldPlaceBeforeTheReallocReturns) {
  const auto old = allocate(a, 10);
  step_ = 1;
  thread_ = 1;
  begin_realloc(a, 400);
  thread_ = 2;
  const auto other = allocate(a, 10);
  EXPECT_EQ(block(other).tenant, 2u);
  EXPECT_EQ(block(old).life.died, 1u);
  thread_ = 1;
  step_ = 2;
  const auto change = end_realloc(a, 400, b);
  EXPECT_EQ(change.died, old);
  EXPECT_EQ(block(old).moved_to, change.born);
  EXPECT_EQ(block(old).life.died, 1u);
  EXPECT_EQ(ledger_.live_at(a), other);
  EXPECT_FALSE(block(other).life.died);
}

TEST_F(LedgerTest, ABlockWhoseReleaseWasLostEndsWhereTheNextTenantBegins) {
  const auto first = allocate(a, 10);
  step_ = 3;
  const auto second = allocate(a, 10);
  EXPECT_EQ(block(first).life.died, 3u);
  EXPECT_FALSE(block(first).freed_by);
  EXPECT_EQ(ledger_.live_at(a), second);
}

TEST_F(LedgerTest, UserAndRuntimeBlocksAreNumberedApart) {
  const auto first = allocate(a, 1), second = allocate(b, 1), third = allocate({0x3000}, 1);
  ledger_.name(first, false, Purpose::pool);
  ledger_.name(second, true, Purpose::none);
  ledger_.name(third, true, Purpose::none);
  ledger_.name(third, false, Purpose::stdio);  // once per block
  EXPECT_EQ(block_label(block(first)), "r1");
  EXPECT_EQ(block(first).purpose, Purpose::pool);
  EXPECT_EQ(block_label(block(second)), "#1");
  EXPECT_EQ(block_label(block(third)), "#2");
  EXPECT_EQ(block(third).purpose, Purpose::none);
}

TEST_F(LedgerTest, FindsTheBlockAnAddressLiesIn) {
  const auto id = allocate(a, 10);
  EXPECT_EQ(ledger_.live_containing(a), id);
  EXPECT_EQ(ledger_.live_containing(a + 23), id);  // usable, beyond what was asked for
  EXPECT_EQ(ledger_.live_containing(a + 24), std::nullopt);
  EXPECT_EQ(ledger_.live_containing({0xfff}), std::nullopt);
}

TEST_F(LedgerTest, AnotherAllocatorsBlockHasNoHeaderAndNoChunk) {
  const auto id = apply({.op = HeapOp::malloc, .requested = 10, .result = a}).born.value_or(BlockId{0});
  EXPECT_FALSE(block(id).header);
  EXPECT_EQ(block(id).sizes.at(0).chunk, 0u);
  EXPECT_EQ(ledger_.live_containing(a + 9), id);
  EXPECT_EQ(ledger_.live_containing(a + 10), std::nullopt);
}

}  // namespace
}  // namespace situ
