// Keeps, at one stop, what the picture needs of the process's memory: the live stacks, the heap blocks that
// words in stacks, registers and other captured blocks point into, and the read-only bytes they point to. Few
// system calls: what the last stop reached in one, what is new to it in one for each further distance.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "heap/ledger.h"
#include "inspect/stack_snapshot.h"
#include "model/recording.h"
#include "process/tracee.h"

namespace situ {

struct CaptureBudget {
  std::uint64_t bytes_per_stop = 1 << 20;
  std::uint64_t bytes_per_block = 64 << 10;  // of larger blocks the beginning is read
  std::uint64_t read_only_bytes = 256;
};

class MemoryCapture {
 public:
  // Reads several ranges at once; returns bytes read of each.
  using ReadMany = std::function<std::vector<std::size_t>(std::span<const Tracee::ReadRequest>)>;

  MemoryCapture(Recording& recording, ReadMany read_many, const Ledger& ledger, CaptureBudget budget);
  MemoryCapture(Recording& recording, const Tracee& tracee, const Ledger& ledger, CaptureBudget budget);

  // Writes the snapshots and the bytes of `statics` into the history at `step`, then every live block
  // reachable from them and from `roots` (register values), nearest first, then read-only targets not read
  // before. Returns whether the budget cut something.
  bool capture(StepIndex step, const std::vector<const StackSnapshot*>& stacks,
               const std::vector<std::uint64_t>& roots, std::span<const AddressRange> statics = {});
  // Reads one range now (a block before its release, a dead frame's bytes), as far as bytes_per_block goes.
  void capture_range(StepIndex step, Address from, std::uint64_t size);
  // Where the words that point out of stack and heap may go; call again when modules changed.
  void set_regions(const std::vector<Mapping>& maps);

 private:
  struct Target {
    Address from;
    std::uint64_t size = 0;
    std::optional<BlockId> block;
  };
  // What became of a block in the newest capture that had to do with it.
  struct Read {
    std::uint32_t capture = 0, reached = 0;  // numbers of captures
    std::size_t offset = 0, size = 0;        // in buffer_
  };
  void measure_heap();
  void follow(std::uint64_t word);
  void follow_words(Address from, std::span<const std::byte> bytes);
  void reach(BlockId block);  // a word points into it
  void want(BlockId block);   // to be read in the next wave
  // Whether nothing is left to read there at a later stop.
  bool add_read_only(Address target);
  // Takes from the budget; smaller than wanted where it ends.
  std::uint64_t grant(std::uint64_t wanted);
  void read_targets(StepIndex step, std::span<const Target> targets);

  Recording& recording_;
  ReadMany read_many_;
  const Ledger& ledger_;
  CaptureBudget budget_;
  std::vector<AddressRange> read_only_;  // by address
  std::unordered_set<Address> read_only_seen_;
  // Words that point between the modules' ends and need no second look: return addresses, mostly, that stand
  // in the stack stop after stop. By word modulo its size; 0: none.
  std::array<std::uint64_t, 512> settled_{};
  std::vector<Read> reads_;            // by block
  std::vector<BlockId> last_reached_;  // by the capture before

  // Of the capture being made.
  std::uint32_t number_ = 0;
  AddressRange heap_{};      // spans the live blocks
  AddressRange followed_{};  // spans all that a word may be followed to
  std::uint64_t left_ = 0;
  bool cut_ = false;
  std::vector<std::byte> buffer_;
  std::vector<Target> wanted_, constants_;
  std::vector<BlockId> reached_, unfollowed_;
};

}  // namespace situ
