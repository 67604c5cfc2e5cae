#include "analysis/heap_totals.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

class Heap {
 public:
  BlockId block() {
    recording_.blocks.emplace_back();
    return BlockId{static_cast<std::uint32_t>(recording_.blocks.size() - 1)};
  }
  BlockId allocated(HeapOp op, std::uint64_t requested) {
    const BlockId made = block();
    event(op, made, requested);
    return made;
  }
  // A realloc whose result is `result` (the same block: in place; another: moved).
  void resized(BlockId from, BlockId result, std::uint64_t requested) {
    if (from != result) recording_.blocks[from.value].moved_to = result;
    event(HeapOp::realloc, result, requested);
  }
  void event(HeapOp op, std::optional<BlockId> block, std::uint64_t requested, bool with_address = true) {
    HeapEvent made;
    made.seq = recording_.events.size() + 1;
    made.op = op;
    made.block = block;
    made.requested = requested;
    if (with_address && block) made.address = Address{0x1000 + 0x100u * block->value};
    recording_.events.push_back(made);
  }
  HeapTotals totals() const { return heap_totals(recording_); }

 private:
  Recording recording_;
};

TEST(HeapTotals, NothingHappenedIsAllZero) {
  const HeapTotals totals = Heap().totals();
  EXPECT_EQ(totals.allocations, 0u);
  EXPECT_EQ(totals.releases, 0u);
  EXPECT_EQ(totals.bytes, 0u);
  EXPECT_EQ(totals.peak_bytes, 0u);
  EXPECT_EQ(totals.live_blocks, 0u);
}

TEST(HeapTotals, EveryFamilyCountsOneAllocationOfTheRequestedBytes) {
  Heap heap;
  for (const HeapOp op :
       {HeapOp::malloc, HeapOp::calloc, HeapOp::posix_memalign, HeapOp::aligned_alloc, HeapOp::memalign,
        HeapOp::valloc, HeapOp::pvalloc, HeapOp::operator_new, HeapOp::operator_new_array}) {
    heap.allocated(op, 10);
  }
  EXPECT_EQ(heap.totals().allocations, 9u);
  EXPECT_EQ(heap.totals().bytes, 90u);
  EXPECT_EQ(heap.totals().releases, 0u);
  EXPECT_EQ(heap.totals().live_blocks, 9u);
  EXPECT_EQ(heap.totals().live_bytes, 90u);
}

TEST(HeapTotals, AFailedAllocationCountsNothing) {
  Heap heap;
  heap.event(HeapOp::malloc, std::nullopt, 1u << 30);
  heap.event(HeapOp::realloc, std::nullopt, 1u << 30);
  EXPECT_EQ(heap.totals().allocations, 0u);
  EXPECT_EQ(heap.totals().bytes, 0u);
}

TEST(HeapTotals, AFailedReallocLeavesItsBlockAlone) {
  Heap heap;
  const BlockId block = heap.allocated(HeapOp::malloc, 10);
  heap.event(HeapOp::realloc, block, 1u << 30, false);
  EXPECT_EQ(heap.totals().allocations, 1u);
  EXPECT_EQ(heap.totals().releases, 0u);
  EXPECT_EQ(heap.totals().live_bytes, 10u);
}

TEST(HeapTotals, AReleaseOfNoBlockIsNoRelease) {
  Heap heap;
  const BlockId block = heap.allocated(HeapOp::malloc, 10);
  heap.event(HeapOp::free, block, 0);
  heap.event(HeapOp::free, block, 0);         // double free
  heap.event(HeapOp::free, std::nullopt, 0);  // a foreign address
  EXPECT_EQ(heap.totals().releases, 1u);
  EXPECT_EQ(heap.totals().live_blocks, 0u);
}

TEST(HeapTotals, ReallocOfNullIsAnAllocationAndNoRelease) {
  Heap heap;
  heap.allocated(HeapOp::realloc, 24);
  EXPECT_EQ(heap.totals().allocations, 1u);
  EXPECT_EQ(heap.totals().releases, 0u);
  EXPECT_EQ(heap.totals().bytes, 24u);
}

TEST(HeapTotals, ReallocOfABlockIsAnAllocationAndARelease) {
  for (const bool moves : {false, true}) {
    Heap heap;
    const BlockId first = heap.allocated(HeapOp::malloc, 16);
    heap.resized(first, moves ? heap.block() : first, 32);
    EXPECT_EQ(heap.totals().allocations, 2u) << moves;
    EXPECT_EQ(heap.totals().releases, 1u) << moves;
    EXPECT_EQ(heap.totals().bytes, 48u) << moves;
    EXPECT_EQ(heap.totals().live_blocks, 1u) << moves;
    EXPECT_EQ(heap.totals().live_bytes, 32u) << moves;
    EXPECT_EQ(heap.totals().peak_bytes, 32u) << moves;
  }
}

TEST(HeapTotals, AMovedBlockCanBeResizedInPlaceAgain) {
  Heap heap;
  const BlockId first = heap.allocated(HeapOp::malloc, 16);
  const BlockId second = heap.block();
  heap.resized(first, second, 32);
  heap.resized(second, second, 40);
  heap.event(HeapOp::free, second, 0);
  EXPECT_EQ(heap.totals().allocations, 3u);
  EXPECT_EQ(heap.totals().releases, 3u);
  EXPECT_EQ(heap.totals().live_bytes, 0u);
}

TEST(HeapTotals, ReallocToZeroThatFreesIsOneReleaseAndNoAllocation) {
  Heap heap;
  const BlockId block = heap.allocated(HeapOp::malloc, 16);
  heap.event(HeapOp::realloc, block, 0, false);
  EXPECT_EQ(heap.totals().allocations, 1u);
  EXPECT_EQ(heap.totals().releases, 1u);
  EXPECT_EQ(heap.totals().live_blocks, 0u);
}

TEST(HeapTotals, ThePeakIsTheMostLiveAtOnce) {
  Heap heap;
  const BlockId a = heap.allocated(HeapOp::malloc, 100);
  const BlockId b = heap.allocated(HeapOp::malloc, 50);
  heap.event(HeapOp::free, a, 0);
  heap.allocated(HeapOp::malloc, 60);
  heap.event(HeapOp::operator_delete, b, 0);
  EXPECT_EQ(heap.totals().peak_bytes, 150u);
  EXPECT_EQ(heap.totals().bytes, 210u);
  EXPECT_EQ(heap.totals().live_bytes, 60u);
}

TEST(HeapTotals, BlocksOfZeroBytesAreLiveBlocks) {
  Heap heap;
  heap.allocated(HeapOp::malloc, 0);
  EXPECT_EQ(heap.totals().allocations, 1u);
  EXPECT_EQ(heap.totals().live_blocks, 1u);
}

}  // namespace
}  // namespace situ
