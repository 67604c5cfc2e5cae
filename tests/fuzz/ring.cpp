// The reader of the probe's ring over memory that somebody else writes: it ends, delivers only sense, and
// what it delivers keeps the ledger's books in order.
#include <unordered_map>

#include "fuzz/input.h"
#include "heap/ledger.h"
#include "heap/ring.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace situ;
  static std::vector<std::byte> memory(wire::ring_size);
  FuzzInput input(data, size);
  std::ranges::fill(std::span(memory).first(wire::page), std::byte{0});
  RingReader reader(memory);
  auto* header = reinterpret_cast<wire::Header*>(memory.data());
  auto* records = reinterpret_cast<wire::Record*>(memory.data() + wire::page);
  Recording recording;
  recording.threads.push_back({});
  recording.steps.push_back({});
  Ledger ledger(recording);
  std::vector<std::uint64_t> touched;
  std::uint64_t seq = 0;
  while (!input.empty()) {
    switch (input.below(8)) {
      case 0:
        header->head = input.take<std::uint64_t>();
        seq = header->head;
        break;
      case 1:
        header->head += input.take<std::uint16_t>();
        break;
      case 2:
        header->tail = input.take<std::uint64_t>();
        break;
      case 3: {
        std::vector<ProbeRecord> delivered;
        reader.drain(delivered);
        must(delivered.size() <= wire::capacity, "at most a ringful at a time");
        for (std::size_t i = 0; i < delivered.size(); ++i) {
          must(i == 0 || delivered[i - 1].seq < delivered[i].seq, "lowest seq first");
          ledger.apply(delivered[i], 0, ThreadId{0});
        }
        break;
      }
      default: {  // a record, mostly as the probe writes it: few addresses, so that they meet again
        wire::Record record{};
        const auto kind = input.take<std::uint8_t>();
        record.stamp = (kind & 0x80U) != 0 ? input.take<std::uint64_t>() : seq + 1;
        record.thread_pointer = input.below(3);
        record.requested = input.take<std::uint16_t>();
        record.argument = std::uint64_t{16} * input.below(8);
        record.result = std::uint64_t{16} * input.below(8);
        record.usable = (kind & 0x40U) != 0 ? input.take<std::uint64_t>() : record.requested;
        record.op = static_cast<wire::Op>(input.below(wire::op_count + 1));
        record.phase = static_cast<wire::Phase>(input.below(6));
        records[seq % wire::capacity] = record;
        touched.push_back(seq % wire::capacity);
        header->head = ++seq;
      }
    }
  }
  for (const std::uint64_t slot : touched) records[slot] = {};
  std::uint64_t live = 0;
  for (const Block& block : recording.blocks) live += block.life.died ? 0 : 1;
  must(live == ledger.live().size(), "each block without an end is live");
  return 0;
}
