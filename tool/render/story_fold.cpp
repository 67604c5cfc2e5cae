#include "render/story_fold.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

namespace situ {
namespace {

constexpr std::size_t fewest_rounds = 3;
// Short rounds are folded before long ones, so that an inner loop is one item of the outer's rounds.
constexpr std::array<std::size_t, 5> round_lengths = {2, 6, 16, 64, 64};

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  seed ^= value + 0x9e3779b97f4a7c15 + (seed << 6) + (seed >> 2);
  return seed * 0xff51afd7ed558ccd;
}

// Two steps tell the same if a reader could not tell their lines of the list apart, but for numbers.
std::uint64_t key_of(const Step& step) {
  std::uint64_t key = mix(static_cast<std::uint64_t>(step.cause), step.thread.value);
  key = mix(key, step.function ? step.function->value + 1 : 0);
  key = mix(key, step.line);
  return mix(key, std::hash<std::string>{}(step.file));
}

bool same(const std::vector<StoryItem>& items, std::size_t a, std::size_t b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (items[a + i].key != items[b + i].key) return false;
  }
  return true;
}

// Folds what repeats in rounds of at most `longest` items, left to right, the shortest rounds first.
std::vector<StoryItem> fold_once(const std::vector<StoryItem>& items, std::size_t longest) {
  std::vector<StoryItem> folded;
  for (std::size_t at = 0; at < items.size();) {
    std::size_t best_length = 0, best_rounds = 0;
    for (std::size_t length = 1;
         length <= longest && best_rounds == 0 && at + length * fewest_rounds <= items.size(); ++length) {
      if (items[at].key != items[at + length].key) continue;
      std::size_t rounds = 1;
      while (at + (rounds + 1) * length <= items.size() && same(items, at, at + rounds * length, length)) {
        ++rounds;
      }
      if (rounds < fewest_rounds) continue;
      best_length = length;
      best_rounds = rounds;
    }
    if (best_rounds == 0) {
      folded.push_back(items[at++]);
      continue;
    }
    StoryItem fold;
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(at);
    fold.body.assign(begin, begin + static_cast<std::ptrdiff_t>(best_length));
    fold.rounds = static_cast<std::uint32_t>(best_rounds);
    fold.first = fold.body.front().first;
    at += best_length * best_rounds;
    fold.last = items[at - 1].last;
    fold.key = 1;
    for (const auto& item : fold.body) fold.key = mix(fold.key, item.key);
    folded.push_back(std::move(fold));
  }
  return folded;
}

}  // namespace

std::vector<StoryItem> fold_steps(const std::vector<Step>& steps, StepIndex first) {
  std::vector<StoryItem> items;
  for (StepIndex i = first; i < steps.size(); ++i) items.push_back({i, i, key_of(steps[i]), 1, {}});
  for (const std::size_t longest : round_lengths) items = fold_once(items, longest);
  return items;
}

}  // namespace situ
