// The parts of a physical frame at a step; they add up to its size.
#pragma once

#include <span>

#include "decode/timeline.h"
#include "decode/variables.h"

namespace situ {

struct FrameShape {
  std::uint64_t size = 0, pushed = 0;
};
// Zero for inlined frames and frames whose extent is not known.
FrameShape frame_shape(const Frame& frame, StepIndex step);
// `inlined`: the frames inlined in this one, whose variables have their slots here.
std::vector<Slot> frame_slots(const Recording& recording, const Timeline& timeline, FrameId frame,
                              StepIndex step, std::span<const FrameId> inlined);

}  // namespace situ
