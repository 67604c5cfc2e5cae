// From the probe's records to blocks: what is live, what was freed, who is the next tenant of a slot.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "heap/ring.h"
#include "model/recording.h"

namespace situ {

// What one record did.
struct HeapChange {
  std::size_t event = 0;  // index into Recording::events; record was none if nothing happened (free(NULL))
  std::optional<BlockId> born;     // a new block
  std::optional<BlockId> died;     // a released or moved-away block
  std::optional<BlockId> resized;  // realloc in place
  bool unknown_release = false;    // free of an address that is no live block (double free, foreign block)
};

class Ledger {
 public:
  explicit Ledger(Recording& recording) : recording_(recording) {}

  // Books `record` at `step` (the first step whose state includes it). Blocks and events are appended to the
  // recording; whether a block is the user's is for the caller to say with name().
  std::optional<HeapChange> apply(const ProbeRecord& record, StepIndex step, ThreadId thread);

  // Gives the block its number: #n for the user's, rn for the runtime's. Once per block.
  void name(BlockId block, bool user, Purpose purpose);

  std::optional<BlockId> live_at(Address start) const;
  std::optional<BlockId> live_containing(Address inside) const;  // within the usable size
  const std::map<Address, BlockId>& live() const { return live_; }

 private:
  Recording& recording_;
  std::map<Address, BlockId> live_;
  std::unordered_map<Address, std::uint32_t> tenants_;
  std::uint32_t user_blocks_ = 0, runtime_blocks_ = 0;
};

}  // namespace situ
