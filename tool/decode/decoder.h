// The parts of a Decoder: indexes, types of blocks and the judge of pointers, put together for one step.
#pragma once

#include <unordered_map>

#include "decode/block_types.h"
#include "decode/moment.h"
#include "decode/ownership.h"
#include "decode/pointers.h"
#include "decode/releases.h"
#include "decode/rewrites.h"
#include "decode/timeline.h"
#include "decode/variables.h"

namespace situ {

class Decoder::Impl {
 public:
  Impl(const Recording& recording, const DecodeOptions& options);

  Moment moment(StepIndex step);
  std::string say(StepIndex step);
  BlockType block_type(BlockId block);
  const FreeReason* free_reason(BlockId block);
  std::optional<Value> return_value(StepIndex step);

 private:
  struct Held {  // a pointer and the words it was judged by
    PointerView view;
    FoundPointer found;
    std::optional<Address> word;  // where it lies
  };

  void prepare(StepIndex step);
  // return_values.cpp
  std::optional<Value> returned_in_registers(StepIndex index, TypeId declared);
  std::optional<Value> received(StepIndex index, TypeId declared);
  bool is_stack_above(Address address, Address sp) const;
  void take_in_all();
  // frames_view.cpp
  std::vector<ThreadView> threads(StepIndex step);
  ThreadView thread(ThreadId id, const std::vector<FrameId>& frames, StepIndex step);
  FrameView frame(FrameId id, std::span<const FrameId> inlined, StepIndex step);
  void place_frames(ThreadView& view, StepIndex step);
  std::string title_of(const Frame& frame, Address pc) const;
  std::vector<VariableView> variables_of(FrameId id, StepIndex step);
  VariableView variable(VariableId id, StepIndex step);
  // statics_view.cpp
  VariableView static_view(VariableId id, StepIndex step);
  std::vector<VariableView> statics(StepIndex step);
  std::optional<VariableId> copied_from(VariableId parameter);
  // blocks_view.cpp
  void collect_variables(const Moment& moment, std::vector<Held>& held);
  void add_blocks(Moment& moment, std::vector<Held>& held);
  BlockView block(BlockId id, std::uint64_t count, StepIndex step);
  Value block_value(BlockId id, std::uint64_t count, StepIndex step) const;
  std::uint64_t count_now(BlockId id, const std::unordered_map<BlockId, std::uint64_t>& counted) const;
  // owners_view.cpp
  struct Fate {  // what became of a variable that bytes alone would call live
    VariableState state = VariableState::live;
    const Claim* moved = nullptr;
  };
  Fate fate_of(VariableId id, VariableState by_bytes, StepIndex step);
  bool small_text_moved(VariableId id, StepIndex step);
  bool has_new_value(VariableId id, const Claim& moved, StepIndex step) const;
  void mark_moved(const Moment& moment, std::vector<Held>& held);

  const Recording& recording_;
  DecodeOptions options_;
  Timeline timeline_;
  VariableReader variables_;
  Rewrites rewrites_;
  BlockTypes types_;
  Ownership ownership_;
  Releases releases_;
  PointerJudge judge_;

  struct Seen {
    VariableState state = VariableState::unknown;
    std::string text;
  };
  Seen seen_before(VariableId id, StepIndex step);
  struct KeptStatic {
    StepIndex step = 0;
    VariableView view;
  };
  std::unordered_map<VariableId, KeptStatic> static_views_;
  StepIndex remembered_step_ = 0;
  std::unordered_map<VariableId, Seen> remembered_, now_;
  std::unordered_map<VariableId, std::optional<VariableId>> copies_;
};

// The last part of a qualified name: "bar" of "article::bar", "{closure#0}" with what it is in.
std::string plain_function_name(std::string_view name);

}  // namespace situ
