// From the probe's records to blocks: what is live, what was freed, who is the next tenant of a slot.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "heap/ring.h"
#include "model/recording.h"

namespace situ {

// What stays in the recording: every block and event, or only the live blocks, and totals.
enum class HeapDetail { everything, live };

// What one record did.
struct HeapChange {
  std::size_t event = 0;           // index into Recording::events, if those are kept
  std::optional<BlockId> born;     // a new block
  std::optional<BlockId> died;     // a released or moved-away block
  std::optional<BlockId> resized;  // realloc in place
  bool unknown_release = false;    // of an address that is no live block (double free, foreign block)
};

class Ledger {
 public:
  explicit Ledger(Recording& recording, HeapDetail detail = HeapDetail::everything);

  // Books `record` at `step` (the first step whose state includes it), which `thread` did. Records come in
  // the order RingReader::drain delivers them. Blocks and the event are appended to the recording; whether a
  // block is the user's is for the caller to say with name(). Empty: a realloc that only begins; the record
  // of its end makes the event. With HeapDetail::live no event is appended, and a later block takes the id of
  // one that died.
  std::optional<HeapChange> apply(const ProbeRecord& record, StepIndex step, ThreadId thread);

  // Gives the block its number: #n for the user's, rn for the runtime's. A second call for a block does
  // nothing. A block that a realloc moved keeps being a block of its own, with a number of its own.
  void name(BlockId block, bool user, Purpose purpose);

  std::optional<BlockId> live_at(Address start) const;
  std::optional<BlockId> live_containing(Address inside) const;  // within the usable (else requested) size
  const std::map<Address, BlockId>& live() const { return live_; }

 private:
  struct Booking {
    const ProbeRecord& record;
    StepIndex step;
    ThreadId thread;
  };
  HeapChange allocate(const Booking& booking);
  HeapChange release(const Booking& booking);
  HeapChange finish_realloc(const Booking& booking);
  // Makes the record's event and appends it or counts it; `change` says what became of the blocks.
  void book_event(const Booking& booking, HeapChange& change, std::optional<BlockId> block, Address address);
  BlockId add_block(const Booking& booking);
  BlockId free_slot();
  void forget(BlockId block);
  void make_room_at(Address start, StepIndex step);
  void end_life(BlockId block, const Booking& booking);
  void resize(BlockId block, const Booking& booking);

  Recording& recording_;
  HeapDetail detail_;
  HeapTally tally_;             // HeapDetail::live
  std::vector<BlockId> slots_;  // HeapDetail::live: of dead blocks, for later ones
  std::map<Address, BlockId> live_;
  std::unordered_map<Address, std::uint32_t> tenants_;
  // The block a thread (by its thread pointer) is inside realloc with.
  std::unordered_map<Address, BlockId> in_realloc_;
  std::uint32_t user_blocks_ = 0, runtime_blocks_ = 0;
};

}  // namespace situ
