#include <gtest/gtest.h>

#include "inspect/memory_capture.h"
#include "unit/unwind/memory_parts.h"

namespace situ {
namespace {

constexpr Address statics{0x5000}, block{0x9000}, sp{0x20000};

TEST(CaptureOfStatics, TheirBytesAreKeptAndWhatTheyPointToIsReached) {
  Recording recording;
  Ledger ledger(recording);
  ProbeRecord record;
  record.requested = record.usable = 64;
  record.result = block;
  ledger.apply(record, 0, ThreadId{0});
  MemoryParts memory;
  memory.put_words(sp - 128, std::vector<std::uint64_t>(512));
  memory.put_words(statics, {7, block.value});
  memory.put_words(block, std::vector<std::uint64_t>(8, 3));
  int reads = 0;
  MemoryCapture capture(recording,
                        [&](std::span<const Tracee::ReadRequest> requests) {
                          ++reads;
                          std::vector<std::size_t> counts;
                          for (const auto& request : requests)
                            counts.push_back(memory.read(request.from, request.into));
                          return counts;
                        },
                        ledger, {});
  const StackSnapshot stack(memory, sp, {sp - 128, sp + (4096 - 128)});
  const AddressRange range{statics, statics + 16};
  capture.capture(0, {&stack}, {}, std::span(&range, 1));
  EXPECT_EQ(reads, 2) << "the statics, then the block";
  std::uint64_t word = 0;
  const auto bytes = std::as_writable_bytes(std::span(&word, 1));
  EXPECT_EQ(recording.memory.read(0, statics, bytes), 8u);
  EXPECT_EQ(word, 7u);
  EXPECT_EQ(recording.memory.read(0, block, bytes), 8u);
  EXPECT_EQ(word, 3u);
  capture.capture(1, {&stack}, {}, std::span(&range, 1));
  EXPECT_EQ(reads, 3) << "both in one read from then on";
}

}  // namespace
}  // namespace situ
