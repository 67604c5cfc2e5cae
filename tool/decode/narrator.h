// The sentences for one step; each file narration_*.cpp holds those of one subject.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "decode/block_types.h"
#include "decode/moment.h"
#include "decode/ownership.h"
#include "decode/rewrites.h"

namespace situ {

// What the sentences are made from; all of it has moved to the step.
struct NarratorInput {
  const Recording& recording;
  Rewrites& rewrites;
  const Timeline& timeline;
  const VariableReader& variables;
  const BlockTypes& types;
  const Ownership& ownership;
  std::function<std::optional<VariableId>(VariableId)> copied_from;
  std::function<VariableState(VariableId, VariableState by_bytes, StepIndex)> state_of;
  std::function<const FreeReason*(BlockId)> reason;
};

class Narrator {
 public:
  Narrator(const NarratorInput& input, StepIndex index)
      : in_(input), recording_(input.recording), index_(index), step_(input.recording.steps[index]) {}

  // narration.cpp
  std::string start() const;
  std::string signalled() const;
  std::string thread(std::string_view verb) const;
  std::string exit() const;
  // narration_frames.cpp
  std::string call() const;
  std::string returned(const std::optional<Value>& value) const;
  std::string left_behind() const;  // frames that were popped without returning; may be empty
  // narration_lines.cpp
  std::string line() const;
  // narration_heap.cpp
  std::string allocated() const;
  std::string freed() const;
  std::string freed_again() const;  // behind the sentence of any step; may be empty

 private:
  std::string function() const;
  std::string pushed(const Frame& frame) const;
  std::string name_of_frame(FrameId id) const;
  std::optional<VariableId> borrowed(const Value& value, FrameId from) const;
  std::string changes() const;
  std::vector<std::string> moves() const;
  std::string holder_name(const OwnerHolder& holder) const;
  std::optional<HeapOp> last_op(BlockId block) const;
  const Block* moved_here(BlockId id, HeapOp op) const;
  const Block* earlier_tenant(BlockId id) const;
  std::string what_for(BlockId id) const;

  const NarratorInput& in_;
  const Recording& recording_;
  StepIndex index_;
  const Step& step_;
};

// "1 byte", "32 bytes".
std::string counted(std::uint64_t number, std::string_view one);
std::string hex_text(Address address);
// At most as many characters as a sentence bears, cut between them.
std::string short_text(std::string text);
// "a, b and c".
std::string list_text(const std::vector<std::string>& parts);

}  // namespace situ
