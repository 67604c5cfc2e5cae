// The variables of one living frame: their entries in the recording and where each is from stop to stop.
#pragma once

#include <optional>
#include <vector>

#include "inspect/places.h"
#include "model/recording.h"

namespace situ {

class VariableTrack {
 public:
  // Makes an entry for each variable of the user function that stands in its own code (not in inlined library
  // code).
  void begin(Recording& recording, FrameId frame, const FunctionInfo& function, StepIndex step);
  // Places and scopes as of `step`.
  void refresh(Recording& recording, FrameId frame, const PlaceQuery& query, StepIndex step);
  void end(Recording& recording, StepIndex step) const;
  // The lowest stack address a variable of the frame occupies now; empty: none on the stack.
  std::optional<Address> lowest_slot(const Recording& recording) const;

 private:
  std::vector<std::optional<VariableId>> ids_;  // by index in FunctionInfo::variables
};

}  // namespace situ
