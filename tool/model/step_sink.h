// Who wants to know of each step as it is made: a live picture, later a recording file.
#pragma once

#include "model/recording.h"

namespace situ {

class StepSink {
 public:
  virtual ~StepSink() = default;
  // Called once the step and everything born, died or read at it is in the recording.
  virtual void on_step(const Recording& recording, StepIndex step) = 0;
};

}  // namespace situ
