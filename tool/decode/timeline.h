// Indexes over a recording: who is alive at a step, found without looking at everything again. Steps are best
// asked in increasing order; going back costs one pass. The recording may grow between calls.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/recording.h"

namespace situ {

class Timeline {
 public:
  explicit Timeline(const Recording& recording) : recording_(recording) {}

  // Takes in what was added to the recording since the last call and makes `step` the current one.
  void move_to(StepIndex step);

  // Frames alive at the current step and those that died exactly there, in order of birth.
  const std::vector<FrameId>& frames() const { return frames_; }
  // Live blocks by address, and those released exactly at the current step.
  const std::map<Address, BlockId>& live_blocks() const { return live_; }
  const std::vector<BlockId>& released_now() const { return released_; }
  // The live block whose requested or usable bytes contain the address, or end at it.
  std::optional<BlockId> live_block_around(Address address) const;
  // The block released last, up to the current step, that contained the address.
  std::optional<BlockId> dead_block_around(Address address) const;

  // Of the whole recording.
  const std::vector<VariableId>& variables_of(FrameId frame) const;
  const std::vector<VariableId>& statics() const { return statics_; }
  const std::vector<FrameId>& callees_of(FrameId frame) const;
  // All blocks that began at an address, in order of birth.
  const std::vector<BlockId>& tenants(Address address) const;
  std::optional<BlockId> block_starting_at(Address address, StepIndex step) const;
  // The block alive at `step`, any step, or released by that very step, that contains the address.
  std::optional<BlockId> block_around(Address address, StepIndex step) const;
  std::optional<StepIndex> last_step_of(ThreadId thread, StepIndex step) const;
  // The last step up to `step` that stood in the frame (its return is not one).
  std::optional<StepIndex> last_step_in(FrameId frame, StepIndex step) const;
  // Whether the frame had stood at a line behind `line` by then.
  bool passed_line(FrameId frame, std::uint32_t line, StepIndex step) const;

 private:
  struct FrameSteps {
    std::vector<StepIndex> all;
    std::vector<std::pair<StepIndex, std::uint32_t>> highest_line;
  };

  void take_in();

  const Recording& recording_;
  std::optional<StepIndex> step_;
  std::size_t steps_taken_ = 0, variables_taken_ = 0, frames_taken_ = 0, blocks_taken_ = 0;
  std::vector<FrameId> frames_by_birth_;
  std::vector<BlockId> blocks_by_birth_;
  std::size_t next_frame_ = 0, next_block_ = 0;
  std::vector<FrameId> frames_;
  std::map<Address, BlockId> live_;
  std::vector<BlockId> released_;
  std::unordered_map<FrameId, std::vector<VariableId>> variables_;
  std::unordered_map<FrameId, std::vector<FrameId>> callees_;
  std::vector<VariableId> statics_;
  std::map<Address, std::vector<BlockId>> tenants_;
  std::unordered_map<FrameId, FrameSteps> frame_steps_;
  std::unordered_map<ThreadId, std::vector<StepIndex>> thread_steps_;
};

// The size of the block at a step; its last one afterwards. Null for a block without sizes.
const BlockSize* size_at(const Block& block, StepIndex step);

// Adds the steps in [first, end) at which a line of memory of the range was found changed.
void add_changes(const MemoryHistory& memory, std::vector<StepIndex>& steps, Address from, std::uint64_t size,
                 StepIndex first, StepIndex end);

}  // namespace situ
