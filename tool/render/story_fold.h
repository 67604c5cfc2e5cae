// Folds the repeats of a list of steps: loops and recursion are told once. Used by the story.
#pragma once

#include <cstdint>
#include <vector>

#include "model/recording.h"

namespace situ {

// A step, or `rounds` rounds of the same thing of which `body` is the first.
struct StoryItem {
  StepIndex first = 0, last = 0;  // steps, inclusive
  std::uint64_t key = 0;          // equal for steps and folds that tell the same
  std::uint32_t rounds = 1;
  std::vector<StoryItem> body;  // empty: a single step
};

// Three rounds or more of at most 64 items are folded, the innermost first; a fold of a loop counts as the
// same whatever its number of rounds, so loops of loops fold too.
// Begins at `first`.
std::vector<StoryItem> fold_steps(const std::vector<Step>& steps, StepIndex first = 0);

}  // namespace situ
