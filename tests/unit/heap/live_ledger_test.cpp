// A ledger that keeps only live blocks beside one that keeps everything, fed with the same records.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "heap/ledger.h"

namespace situ {
namespace {

// As analysis counts them (analysis/heap_totals.cpp), from everything that was kept.
HeapTotals totals_of(const Recording& recording) {
  std::map<BlockId, BlockId> old_of;
  for (std::uint32_t i = 0; i < recording.blocks.size(); ++i)
    if (recording.blocks[i].moved_to) old_of.emplace(*recording.blocks[i].moved_to, BlockId{i});
  HeapTally tally;
  for (const HeapEvent& event : recording.events) {
    const auto old = event.block ? old_of.find(*event.block) : old_of.end();
    tally.count(event, old == old_of.end() ? std::nullopt : std::optional(old->second));
  }
  return tally.totals();
}

class LiveLedger : public testing::TestWithParam<unsigned> {
 protected:
  void apply(ProbeRecord record) {
    record.seq = seq_++;
    everything_.apply(record, 0, ThreadId{0});
    live_.apply(record, 0, ThreadId{0});
  }
  std::uint64_t below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }
  // One of few addresses, so that they are used again, released twice and moved onto each other.
  Address somewhere() { return {0x1000 + 0x100 * below(40)}; }

  // What a program, right or wrong, may do; reallocs begin and end apart, with other operations in between.
  void do_something() {
    const Address thread{below(3)};
    switch (below(6)) {
      case 0:
      case 1:
        return apply({.op = HeapOp::malloc,
                      .requested = 1 + below(100),
                      .result = below(10) == 0 ? Address{} : somewhere(),
                      .usable = 120});
      case 2:
      case 3:
        return apply({.op = HeapOp::free, .phase = HeapPhase::releasing, .argument = somewhere()});
      case 4:
        begun_[thread] = somewhere();
        return apply({.thread_pointer = thread,
                      .op = HeapOp::realloc,
                      .phase = HeapPhase::realloc_begin,
                      .requested = 8,
                      .argument = begun_[thread]});
      default:
        return apply({.thread_pointer = thread,
                      .op = HeapOp::realloc,
                      .phase = HeapPhase::realloc_end,
                      .requested = below(4) == 0 ? 0 : 1 + below(100),
                      .argument = begun_[thread],
                      .result = below(5) == 0   ? Address{}
                                : below(2) == 0 ? begun_[thread]
                                                : somewhere(),
                      .usable = 120});
    }
  }

  std::mt19937 random_{GetParam()};
  Recording all_, few_;
  Ledger everything_{all_, HeapDetail::everything}, live_{few_, HeapDetail::live};
  std::map<Address, Address> begun_;
  std::uint64_t seq_ = 1;
};

TEST_P(LiveLedger, CountsWhatTheOtherCounts) {
  for (int i = 0; i < 3000; ++i) {
    do_something();
    if (i % 100 != 0) continue;
    ASSERT_EQ(few_.heap_totals, totals_of(all_)) << "after " << i << " records";
  }
  EXPECT_EQ(few_.heap_totals, totals_of(all_));
}

TEST_P(LiveLedger, HasTheSameLiveBlocks) {
  for (int i = 0; i < 3000; ++i) do_something();
  ASSERT_EQ(live_.live().size(), everything_.live().size());
  for (const auto& [address, id] : everything_.live()) {
    const auto same = live_.live_at(address);
    ASSERT_TRUE(same);
    EXPECT_EQ(few_.at(*same).address, address);
    EXPECT_EQ(few_.at(*same).sizes.back().requested, all_.at(id).sizes.back().requested);
    EXPECT_FALSE(few_.at(*same).life.died);
  }
}

INSTANTIATE_TEST_SUITE_P(Ledger, LiveLedger, testing::Range(1U, 6U));

TEST(LedgerOfLiveBlocks, KeepsNothingOfPairs) {
  Recording recording;
  Ledger ledger(recording, HeapDetail::live);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Address at{0x1000 + 16 * i};
    ledger.apply({.seq = 2 * i, .op = HeapOp::malloc, .requested = 10, .result = at, .usable = 24}, 0,
                 ThreadId{0});
    ledger.apply({.seq = 2 * i + 1, .op = HeapOp::free, .phase = HeapPhase::releasing, .argument = at}, 0,
                 ThreadId{0});
  }
  EXPECT_EQ(recording.blocks.size(), 1u);
  EXPECT_TRUE(recording.events.empty());
  ASSERT_TRUE(recording.heap_totals);
  EXPECT_EQ(recording.heap_totals->allocations, 1000u);
  EXPECT_EQ(recording.heap_totals->bytes, 10'000u);
  EXPECT_EQ(recording.heap_totals->peak_bytes, 10u);
}

}  // namespace
}  // namespace situ
