// Reads the ring as a seqlock is read: the stamp says which record a slot holds; it is read before and after
// the copy, and both times must name the record that is expected there.
//
//     tail                     next_              head
//      |  delivered, or missing  |  to be looked at  |
//      '-- first of missing_, or next_
#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "heap/ring.h"

namespace situ {
namespace {

// Threads that wait for room have claimed a record beyond the capacity; no more of them than this.
constexpr std::uint64_t most_waiting = 1 << 16;
// So many drains of a full ring without any progress, and the oldest unpublished record is given up: its
// thread left the probe by siglongjmp from a signal handler.
constexpr std::uint32_t patience = 64;

std::uint64_t load(std::uint64_t& shared) {
  return std::atomic_ref<std::uint64_t>(shared).load(std::memory_order_acquire);
}

std::optional<ProbeRecord> checked(const wire::Record& copy, std::uint64_t seq) {
  const auto phase = static_cast<unsigned>(copy.phase);
  if (static_cast<unsigned>(copy.op) >= wire::op_count || phase < 1 || phase > 4) return std::nullopt;
  return ProbeRecord{.seq = seq,
                     .thread_pointer = {copy.thread_pointer},
                     .op = static_cast<HeapOp>(copy.op),
                     .phase = static_cast<HeapPhase>(phase - 1),
                     .requested = copy.requested,
                     .alignment = copy.alignment,
                     .argument = {copy.argument},
                     .result = {copy.result},
                     .usable = copy.usable,
                     .header = copy.header};
}

}  // namespace

static_assert(static_cast<unsigned>(HeapOp::operator_delete_array) + 1 == wire::op_count);
static_assert(static_cast<unsigned>(HeapOp::memalign) == static_cast<unsigned>(wire::Op::memalign));
static_assert(static_cast<unsigned>(HeapPhase::realloc_end) + 1 ==
              static_cast<unsigned>(wire::Phase::realloc_end));

RingReader::RingReader(std::span<std::byte> memory) : memory_(memory) {
  CHECK(memory.size() >= wire::ring_size);
  wire::Header fresh{};
  fresh.magic = wire::ring_magic;
  fresh.version = wire::version;
  fresh.record_size = sizeof(wire::Record);
  fresh.capacity = wire::capacity;
  std::memcpy(memory_.data(), &fresh, sizeof fresh);
}

wire::Header& RingReader::header() const {
  return *reinterpret_cast<wire::Header*>(memory_.data());
}

bool RingReader::full() const {
  const std::uint64_t head = load(header().head);
  return head - tail_ >= wire::capacity;
}

// True: the record is dealt with (delivered, or lost). False: it is not published yet.
bool RingReader::deliver(std::uint64_t seq, std::vector<ProbeRecord>& into) {
  auto& shared = reinterpret_cast<wire::Record*>(memory_.data() + wire::page)[seq % wire::capacity];
  if (load(shared.stamp) != seq + 1) return false;
  wire::Record copy;
  std::memcpy(&copy, &shared, sizeof copy);
  std::atomic_thread_fence(std::memory_order_acquire);
  const auto record = checked(copy, seq);
  if (record && load(shared.stamp) == seq + 1)
    into.push_back(*record);
  else
    ++lost_;
  return true;
}

void RingReader::drain(std::vector<ProbeRecord>& into) {
  const std::uint64_t head = load(header().head);
  if (head < next_ || head - tail_ > wire::capacity + most_waiting) {  // smashed: start again from there
    ++lost_;
    missing_.clear();
    next_ = head;
  }
  std::erase_if(missing_, [&](std::uint64_t seq) { return deliver(seq, into); });
  // Records beyond the capacity have no slot of their own yet.
  const std::uint64_t first = missing_.empty() ? next_ : *missing_.begin();
  const std::uint64_t end = first + std::min(head - first, wire::capacity);
  for (; next_ < end; ++next_)
    if (!deliver(next_, into)) missing_.insert(missing_.end(), next_);
  give_up_oldest_when_stuck(head);
  tail_ = missing_.empty() ? next_ : *missing_.begin();
  std::atomic_ref<std::uint64_t>(header().tail).store(tail_, std::memory_order_release);
}

void RingReader::give_up_oldest_when_stuck(std::uint64_t head) {
  const bool stuck = !missing_.empty() && *missing_.begin() == tail_ && head - tail_ >= wire::capacity;
  drains_while_full_ = stuck ? drains_while_full_ + 1 : 0;
  if (drains_while_full_ < patience) return;
  missing_.erase(missing_.begin());
  ++lost_;
  drains_while_full_ = 0;
}

}  // namespace situ
