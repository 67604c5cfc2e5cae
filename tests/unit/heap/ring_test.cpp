#include "heap/ring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace situ {
namespace {

// A ring in an array, with a writer that can do what no probe does.
class RingReaderTest : public testing::Test {
 protected:
  wire::Header& header() { return *reinterpret_cast<wire::Header*>(memory_.data()); }
  wire::Record& slot(std::uint64_t seq) {
    return reinterpret_cast<wire::Record*>(memory_.data() + wire::page)[seq % wire::capacity];
  }
  std::uint64_t claim() { return header().head++; }
  void publish(std::uint64_t seq) {
    slot(seq) = {.stamp = seq + 1,
                 .thread_pointer = 7,
                 .requested = seq * 10,
                 .argument = 0,
                 .result = 0x1000 + seq,
                 .usable = 24,
                 .header = 0x21,
                 .alignment = 16,
                 .op = wire::Op::memalign,
                 .phase = wire::Phase::allocated,
                 .reserved = 0};
  }
  void write(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) publish(claim());
  }
  std::vector<std::uint64_t> drain() {
    std::vector<ProbeRecord> records;
    reader_.drain(records);
    std::vector<std::uint64_t> seqs;
    for (const auto& record : records) seqs.push_back(record.seq);
    return seqs;
  }

  std::vector<std::byte> memory_ = std::vector<std::byte>(wire::ring_size);
  RingReader reader_{memory_};
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RingReaderTest, DeliversEachRecordOnceAndMovesTheTail) {
  write(3);
  EXPECT_THAT(drain(), ElementsAre(0, 1, 2));
  EXPECT_THAT(drain(), IsEmpty());
  write(1);
  EXPECT_THAT(drain(), ElementsAre(3));
  EXPECT_EQ(header().tail, 4u);
  EXPECT_EQ(reader_.lost(), 0u);
}

TEST_F(RingReaderTest, CopiesEveryField) {
  write(1);
  slot(0).argument = 0x99;
  std::vector<ProbeRecord> records;
  reader_.drain(records);
  const ProbeRecord expected{.seq = 0,
                             .thread_pointer = {7},
                             .op = HeapOp::memalign,
                             .phase = HeapPhase::allocated,
                             .requested = 0,
                             .alignment = 16,
                             .argument = {0x99},
                             .result = {0x1000},
                             .usable = 24,
                             .header = 0x21};
  EXPECT_THAT(records, ElementsAre(expected));
}

TEST_F(RingReaderTest, AnUnpublishedRecordComesLaterAndHoldsNoOtherBack) {
  const auto first = claim();
  write(2);
  EXPECT_THAT(drain(), ElementsAre(1, 2));
  EXPECT_EQ(header().tail, 0u);  // its slot is not given away
  publish(first);
  EXPECT_THAT(drain(), ElementsAre(0));
  EXPECT_EQ(header().tail, 3u);
  EXPECT_EQ(reader_.lost(), 0u);
}

TEST_F(RingReaderTest, AFullRingIsDeliveredWhole) {
  write(wire::capacity);
  EXPECT_TRUE(reader_.full());
  const auto waiting = claim();  // its thread stands at the trap
  EXPECT_EQ(drain().size(), wire::capacity);
  EXPECT_FALSE(reader_.full());
  publish(waiting);
  EXPECT_THAT(drain(), ElementsAre(wire::capacity));
  EXPECT_EQ(reader_.lost(), 0u);
}

TEST_F(RingReaderTest, ARecordWhoseThreadNeverComesBackIsGivenUpAndCounted) {
  claim();
  write(wire::capacity - 1);
  const auto waiting = claim();
  EXPECT_EQ(drain().size(), wire::capacity - 1);
  for (int i = 0; i < 100 && reader_.full(); ++i) EXPECT_THAT(drain(), IsEmpty());
  EXPECT_FALSE(reader_.full());
  EXPECT_EQ(reader_.lost(), 1u);
  publish(waiting);
  EXPECT_THAT(drain(), ElementsAre(waiting));
}

TEST_F(RingReaderTest, SenselessFieldsAreCountedNotDelivered) {
  write(3);
  slot(0).op = static_cast<wire::Op>(200);
  slot(1).phase = static_cast<wire::Phase>(0);
  EXPECT_THAT(drain(), ElementsAre(2));
  EXPECT_EQ(reader_.lost(), 2u);
}

TEST_F(RingReaderTest, AHeadThatWasSmashedUpwardsIsLeftBehind) {
  write(2);
  header().head = ~std::uint64_t{0} - 5;
  drain();
  EXPECT_GE(reader_.lost(), 1u);
  write(2);
  EXPECT_THAT(drain(), ElementsAre(~std::uint64_t{0} - 5, ~std::uint64_t{0} - 4));
}

TEST_F(RingReaderTest, AHeadThatWasSmashedDownwardsIsFollowed) {
  write(5);
  drain();
  header().head = 1;
  drain();
  EXPECT_EQ(reader_.lost(), 1u);
  write(2);
  EXPECT_THAT(drain(), ElementsAre(1, 2));
}

TEST_F(RingReaderTest, ATailThatWasSmashedIsPutRight) {
  write(2);
  header().tail = 12345;
  drain();
  EXPECT_EQ(header().tail, 2u);
}

TEST_F(RingReaderTest, AnyBytesEndTheDrain) {
  std::uint64_t state = 88172645463325252;
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i + 8 <= memory_.size(); i += 8) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      std::memcpy(&memory_[i], &state, sizeof state);
    }
    if (round % 2 == 0) header().head = static_cast<std::uint64_t>(round) * 1000;
    EXPECT_LE(drain().size(), wire::capacity);
  }
}

TEST(Ring, IsEmptySharedMemoryAtFirst) {
  Ring ring;
  std::vector<ProbeRecord> records;
  ring.drain(records);
  EXPECT_TRUE(records.empty());
  EXPECT_GE(ring.fd(), 0);
}

TEST(Ring, KnowsItsTrapsByTheRegisters) {
  const auto trap = Ring::trap(2, 40);
  ASSERT_TRUE(trap);
  EXPECT_EQ(trap->kind, wire::Trap::before_release);
  EXPECT_EQ(trap->seq, 40u);
  EXPECT_FALSE(Ring::trap(0, 1));
  EXPECT_FALSE(Ring::trap(6, 1));
}

TEST(Ring, FlagsSayWhatTheProbeShallDo) {
  const auto flags = Ring::flags(Ring::Recording::on, Ring::Trapping::off);
  EXPECT_EQ(flags.magic, wire::flags_magic);
  EXPECT_EQ(flags.recording, 1u);
  EXPECT_EQ(flags.trap, 0u);
}

}  // namespace
}  // namespace situ
