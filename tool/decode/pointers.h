// What a pointer points to and whether it may be followed (design: semantics, Pointers). A pointer that may
// be valid is never called dangling.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "decode/moment.h"
#include "decode/pointer_scan.h"
#include "decode/rewrites.h"
#include "decode/timeline.h"

namespace situ {

// The value a pointer was found in.
struct PointerHolder {
  std::optional<VariableId> variable;
  std::optional<BlockId> block;
  std::optional<Address> at;  // where the value begins
  std::string name;           // "x", "#2"
};

class PointerJudge {
 public:
  using TypeOfBlock = std::function<std::optional<TypeId>(BlockId)>;
  PointerJudge(const Recording& recording, const Timeline& timeline, Rewrites& rewrites,
               TypeOfBlock type_of_block)
      : recording_(recording),
        timeline_(timeline),
        rewrites_(rewrites),
        type_of_block_(std::move(type_of_block)) {}

  // Takes the frames of the timeline's current step.
  void move_to(StepIndex step);
  PointerView judge(const FoundPointer& found, const PointerHolder& holder);
  // The region at an address at the current step.
  std::optional<RegionId> region_at(Address address) const;

 private:
  struct StackFrame {
    FrameId id;
    Address low, sp, cfa;
  };

  bool on_block(PointerView& view, const FoundPointer& found, const PointerHolder& holder);
  bool on_stack(PointerView& view, const FoundPointer& found, const PointerHolder& holder);
  bool on_dead_block(PointerView& view);
  void elsewhere(PointerView& view);
  bool past_array(PointerView& view, const FoundPointer& found, FrameId frame) const;
  bool entered_later(FrameId id, const PointerHolder& holder, std::optional<StepIndex> written) const;
  std::optional<FrameId> dead_frame(Address address, AddressRange stack,
                                    std::optional<StepIndex> written) const;
  // Empty: in a register, when it was set is not known.
  std::optional<StepIndex> written_at(const FoundPointer& found, const PointerHolder& holder) const;
  // Written before `birth`, and by no line since.
  bool stale(const FoundPointer& found, const PointerHolder& holder, StepIndex birth,
             const std::vector<StackLine>* made_by, std::vector<CallSite> lines);
  bool rewritten_through_another(Rewrites::Question question, Address word);
  PointerTarget frame_target(FrameId frame, Address address, StepIndex at) const;
  std::vector<CallSite> call_sites(FrameId frame) const;
  std::uint64_t covered_bytes(const FoundPointer& found) const;
  const Symbol* symbol_at(Address address);

  const Recording& recording_;
  const Timeline& timeline_;
  Rewrites& rewrites_;
  TypeOfBlock type_of_block_;
  StepIndex step_ = 0;
  std::vector<StackFrame> frames_;      // physical, alive, by CFA
  std::vector<std::uint32_t> symbols_;  // indexes, by address
};

// ".next", "[3]": the part of the type that begins at the offset, or contains it.
std::string path_inside(const Recording& recording, TypeId type, std::uint64_t offset);

}  // namespace situ
