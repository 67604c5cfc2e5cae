// The tracer's end of the shared memory the probe writes its records to (probe/wire.h,
// docs/probe-wire-format.md). The bytes belong to the traced program, which may smash them: every field is
// checked after it was copied.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"
#include "model/block.h"
#include "probe/wire.h"

namespace situ {

// When a record was written (wire.h): a release before the allocator ran, an allocation after it, a realloc
// of a block at both ends, with two records of the same thread.
enum class HeapPhase : std::uint8_t { allocated, releasing, realloc_begin, realloc_end };

// One record of the probe, copied and checked.
struct ProbeRecord {
  std::uint64_t seq = 0;        // its place in the true order
  Address thread_pointer = {};  // fs_base of the thread (Tracee::state)
  HeapOp op = HeapOp::malloc;
  HeapPhase phase = HeapPhase::allocated;
  std::uint64_t requested = 0;  // bytes; of a calloc the product; of a sized release the size given, else 0
  std::uint64_t alignment = 0;
  Address argument = {};     // the block given to a release or realloc; 0: none
  Address result = {};       // what the allocator returned; 0: it failed, or it released
  std::uint64_t usable = 0;  // malloc_usable_size of the result; 0: unknown
  std::uint64_t header = 0;  // the 8 bytes before the result: glibc's chunk size and flags; 0: not glibc's

  friend bool operator==(const ProbeRecord&, const ProbeRecord&) = default;
};

// What the int3 at `pc` means, by the thread's registers there.
struct ProbeTrap {
  wire::Trap kind;
  std::uint64_t seq;  // of the record that drain() has delivered or now delivers
};

// Reads records out of memory that somebody else writes. Apart from Ring so that it can be tested on arrays.
class RingReader {
 public:
  explicit RingReader(std::span<std::byte> memory);  // wire::ring_size bytes, 8-aligned; writes the header

  // Appends the published records that were not delivered before, lowest seq first. A record that is claimed
  // but not yet published (its thread was interrupted within a few instructions) does not hold the later ones
  // back; it comes with a later call. That keeps the order of each address: such a thread's block has not yet
  // been handed out or taken back.
  void drain(std::vector<ProbeRecord>& into);
  std::uint64_t lost() const { return lost_; }  // records that were overwritten, torn or senseless
  bool full() const;

 private:
  wire::Header& header() const;
  bool deliver(std::uint64_t seq, std::vector<ProbeRecord>& into);
  void give_up_oldest_when_stuck(std::uint64_t head);

  std::span<std::byte> memory_;
  std::uint64_t next_ = 0;           // first seq not looked at
  std::uint64_t tail_ = 0;           // what the header's tail was set to last
  std::set<std::uint64_t> missing_;  // looked at and not yet published
  std::uint32_t drains_while_full_ = 0;
  std::uint64_t lost_ = 0;
};

// The ring in a memfd, mapped here; the tracee maps the same (RemoteMapping::shared_fd).
class Ring {
 public:
  Ring();  // throws Error{cannot_trace}
  ~Ring();
  Ring(const Ring&) = delete;

  int fd() const { return fd_.get(); }
  static constexpr std::uint64_t size() { return wire::ring_size; }
  static constexpr Address address() { return {wire::ring_address}; }  // where the tracee maps it
  static constexpr Address flags_address() {
    return {wire::flags_address};
  }  // a private page of the tracee's
  static constexpr std::uint64_t flags_size() { return wire::page; }

  enum class Recording { off, on };
  enum class Trapping { off, on };
  // The bytes to write to flags_address(). Recording must be off before the tracee is let go: it would run
  // into an int3 when the ring is full.
  static wire::Flags flags(Recording recording, Trapping trapping);
  // The trap a thread stands at, from its rdi and rsi behind an int3 inside the probe; empty: not one of
  // ours.
  static std::optional<ProbeTrap> trap(std::uint64_t rdi, std::uint64_t rsi);

  void drain(std::vector<ProbeRecord>& into) { reader_.drain(into); }
  std::uint64_t lost() const { return reader_.lost(); }

 private:
  UniqueFd fd_;
  std::span<std::byte> memory_;
  RingReader reader_;
};

}  // namespace situ
