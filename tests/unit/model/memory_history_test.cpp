#include "model/memory_history.h"

#include <gtest/gtest.h>

#include <vector>

namespace situ {
namespace {

std::vector<std::byte> filled(std::size_t count, int value) {
  return std::vector<std::byte>(count, std::byte(value));
}

TEST(MemoryHistory, BytesThatWereNeverWrittenAreNotKnown) {
  MemoryHistory history;
  std::vector<std::byte> out(4);
  EXPECT_EQ(history.read(7, Address{0x1000}, out), 0u);
}

TEST(MemoryHistory, ReadingAtAStepGivesTheNewestVersionNotYounger) {
  MemoryHistory history;
  history.write(1, Address{0x1000}, filled(8, 1));
  history.write(5, Address{0x1000}, filled(8, 5));
  std::vector<std::byte> out(8);
  EXPECT_EQ(history.read(0, Address{0x1000}, out), 0u);
  EXPECT_EQ(history.read(4, Address{0x1000}, out), 8u);
  EXPECT_EQ(out, filled(8, 1));
  EXPECT_EQ(history.read(5, Address{0x1000}, out), 8u);
  EXPECT_EQ(out, filled(8, 5));
}

TEST(MemoryHistory, AReadStopsAtTheFirstUnknownByte) {
  MemoryHistory history;
  history.write(1, Address{0x103c}, filled(6, 9));  // crosses a line
  std::vector<std::byte> out(16);
  EXPECT_EQ(history.read(1, Address{0x103c}, out), 6u);
  EXPECT_EQ(history.read(1, Address{0x1038}, out), 0u);
}

TEST(MemoryHistory, UnchangedBytesOnlyGetANewerSeen) {
  MemoryHistory history;
  history.write(1, Address{0x1000}, filled(64, 3));
  history.write(9, Address{0x1000}, filled(64, 3));
  EXPECT_EQ(history.versions(Address{0x1000}).size(), 1u);
  EXPECT_EQ(history.seen(9, Address{0x1000}, 64), 9u);
  EXPECT_EQ(history.seen(4, Address{0x1000}, 64), 4u);
  EXPECT_EQ(history.seen(9, Address{0x1000}, 65), std::nullopt);
}

TEST(MemoryHistory, LastWrittenIsWhenTheseBytesChangedNotTheirNeighbours) {
  MemoryHistory history;
  history.write(1, Address{0x1000}, filled(16, 1));
  history.write(2, Address{0x1008}, filled(8, 2));
  EXPECT_EQ(history.last_written(5, Address{0x1000}, 8), 1u);
  EXPECT_EQ(history.last_written(5, Address{0x1008}, 8), 2u);
}

}  // namespace
}  // namespace situ
