// What only the decoder can say, as lifetimes: one walk over the steps turns "at step n it is so" into "from
// step a until step b it was so".
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "decode/moment.h"

namespace situ {

// Something that was so from life.born until life.died.
struct Interval {
  std::string json;  // keys and values, without the braces
  StepIndex seen = 0;
  Lifetime life;
};

// The intervals of many holders (variables, frames, blocks). Observations of one step come together, steps
// increase.
class Intervals {
 public:
  // At `step`, `holder` is as `json` says; two equal observations at consecutive observed steps are one
  // interval. `seen`: when its bytes were last read.
  void observe(StepIndex step, std::uint32_t holder, std::string_view json, StepIndex seen);
  // After the last observation of `step`: what was not observed at it died at it.
  void end_step(StepIndex step);

  // In the order they were born; empty for a holder that was never observed.
  const std::vector<Interval>& of(std::uint32_t holder) const;

 private:
  struct Open {
    std::uint32_t holder;
    std::size_t index;  // in intervals_[holder]
    StepIndex observed;
  };
  std::vector<std::vector<Interval>> intervals_;  // by holder
  std::unordered_map<std::string, Open> open_;    // by holder and json
  std::string name_;                              // the key being looked up, kept for its memory
};

struct Lifetimes {
  std::vector<std::string> say;  // by step
  Intervals values;              // by variable
  Intervals slots;               // by frame
  Intervals block_values;        // by block
  Intervals pointers;            // all of holder 0
};

// Asks the decoder for every step, in order.
Lifetimes walk(const Recording& recording, Decoder& decoder);

}  // namespace situ
