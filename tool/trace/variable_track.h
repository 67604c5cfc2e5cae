// The variables of one living frame: their entries in the recording and where each is from stop to stop.
#pragma once

#include <optional>
#include <vector>

#include "inspect/places.h"
#include "model/recording.h"

namespace situ {

class VariableTrack {
 public:
  // Makes an entry for each variable that stands in the own code of scope `holder`: 0 the function itself,
  // else a function inlined in it.
  void begin(Recording& recording, FrameId frame, const FunctionInfo& function, std::uint32_t holder,
             StepIndex step);
  // Places and scopes as of `step`, of the variables of this frame among all of the physical frame's, whose
  // places are taken out. `physical`: whose CFA stack places are relative to.
  struct Found {
    std::vector<ResolvedPlace>& places;
    const Registers& registers;
    const VectorRegisters* vectors;  // null: not read
    FrameId physical;
    const FunctionInfo& function;
    FileAddress lookup;
  };
  void refresh(Recording& recording, FrameId frame, const Found& found, StepIndex step);
  void end(Recording& recording, StepIndex step) const;
  // The lowest stack address a variable of the frame occupies now; empty: none on the stack.
  std::optional<Address> lowest_slot(const Recording& recording) const;

 private:
  // What belongs to a function inlined at another place is nowhere here.
  void leave_inlined(Recording& recording, const Found& found, StepIndex step) const;

  std::vector<std::optional<VariableId>> ids_;  // by index in FunctionInfo::variables
};

}  // namespace situ
