#include "decode/timeline.h"

#include <algorithm>

namespace situ {
namespace {

// Looking further back for the block that contains or once contained an address is not worth its time.
constexpr int starts_tried = 64;

template <class Identity, class List>
bool by_birth(const List& list, std::vector<Identity>& order, std::size_t& taken) {
  bool sorted = true;
  for (; taken < list.size(); ++taken) {
    const auto id = Identity{static_cast<std::uint32_t>(taken)};
    sorted = sorted && (order.empty() || list[order.back().value].life.born <= list[taken].life.born);
    order.push_back(id);
  }
  if (!sorted) std::ranges::stable_sort(order, {}, [&list](Identity id) { return list[id.value].life.born; });
  return sorted;
}

// Alive at the step, or dead exactly there after having been seen alive.
bool shown_at(const Lifetime& life, StepIndex step) {
  return life.alive_at(step) || (life.died == step && life.born < step);
}

template <class Map, class Key>
const auto& list_of(const Map& map, const Key& key) {
  static const typename Map::mapped_type none;
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

}  // namespace

const BlockSize* size_at(const Block& block, StepIndex step) {
  const BlockSize* last = nullptr;
  for (const BlockSize& size : block.sizes) {
    if (size.life.born <= step || !last) last = &size;
  }
  return last;
}

void add_changes(const MemoryHistory& memory, std::vector<StepIndex>& steps, Address from, std::uint64_t size,
                 StepIndex first, StepIndex end) {
  const Address start{from.value & ~(memory_line_size - 1)};
  memory.for_each_birth({start, from + size}, first, end, [&](StepIndex step) { steps.push_back(step); });
}

void Timeline::take_in() {
  for (std::size_t i = frames_taken_; i < recording_.frames.size(); ++i) {
    if (const auto caller = recording_.frames[i].caller) {
      callees_[*caller].push_back(FrameId{static_cast<std::uint32_t>(i)});
    }
  }
  const bool frames_sorted = by_birth(recording_.frames, frames_by_birth_, frames_taken_);
  const std::size_t first_block = blocks_taken_;
  const bool blocks_sorted = by_birth(recording_.blocks, blocks_by_birth_, blocks_taken_);
  if (!frames_sorted || !blocks_sorted) step_.reset();
  for (std::size_t i = first_block; i < recording_.blocks.size(); ++i) {
    tenants_[recording_.blocks[i].address].push_back(BlockId{static_cast<std::uint32_t>(i)});
  }
  for (; variables_taken_ < recording_.variables.size(); ++variables_taken_) {
    const auto id = VariableId{static_cast<std::uint32_t>(variables_taken_)};
    const auto& frame = recording_.at(id).frame;
    (frame ? variables_[*frame] : statics_).push_back(id);
  }
  for (; steps_taken_ < recording_.steps.size(); ++steps_taken_) {
    const Step& step = recording_.steps[steps_taken_];
    const auto index = static_cast<StepIndex>(steps_taken_);
    thread_steps_[step.thread].push_back(index);
    if (!step.frame || step.cause == Cause::returned) continue;
    FrameSteps& own = frame_steps_[*step.frame];
    own.all.push_back(index);
    if (own.highest_line.empty() || step.line > own.highest_line.back().second) {
      own.highest_line.emplace_back(index, step.line);
    }
  }
}

void Timeline::move_to(StepIndex step) {
  take_in();
  if (!step_ || step < *step_) {
    frames_.clear();
    live_.clear();
    released_.clear();
    next_frame_ = next_block_ = 0;
  }
  std::erase_if(frames_, [&](FrameId id) { return !shown_at(recording_.at(id).life, step); });
  for (; next_frame_ < frames_by_birth_.size(); ++next_frame_) {
    const FrameId id = frames_by_birth_[next_frame_];
    if (recording_.at(id).life.born > step) break;
    if (shown_at(recording_.at(id).life, step)) frames_.push_back(id);
  }
  std::erase_if(released_, [&](BlockId id) { return recording_.at(id).life.died != step; });
  std::erase_if(live_, [&](const auto& entry) {
    const Lifetime& life = recording_.at(entry.second).life;
    if (life.alive_at(step)) return false;
    if (life.died == step) released_.push_back(entry.second);
    return true;
  });
  for (; next_block_ < blocks_by_birth_.size(); ++next_block_) {
    const BlockId id = blocks_by_birth_[next_block_];
    const Block& block = recording_.at(id);
    if (block.life.born > step) break;
    if (block.life.alive_at(step)) {
      live_[block.address] = id;
    } else if (shown_at(block.life, step)) {
      released_.push_back(id);
    }
  }
  step_ = step;
}

std::optional<BlockId> Timeline::live_block_around(Address address) const {
  const auto after = live_.upper_bound(address);
  if (after == live_.begin()) return std::nullopt;
  const BlockId id = std::prev(after)->second;
  const Block& block = recording_.at(id);
  const BlockSize* size = size_at(block, *step_);
  const std::uint64_t bytes = size ? std::max(size->requested, size->usable) : 0;
  return static_cast<std::uint64_t>(address - block.address) <= bytes ? std::optional(id) : std::nullopt;
}

std::optional<BlockId> Timeline::dead_block_around(Address address) const {
  std::optional<BlockId> latest;
  auto start = tenants_.upper_bound(address);
  for (int i = 0; i < starts_tried && start != tenants_.begin(); ++i) {
    --start;
    for (const BlockId id : start->second) {
      const Block& block = recording_.at(id);
      if (!block.life.died || *block.life.died > *step_) continue;
      const BlockSize* size = size_at(block, *block.life.died);
      const std::uint64_t bytes = size ? std::max<std::uint64_t>(size->requested, 1) : 1;
      if (static_cast<std::uint64_t>(address - block.address) >= bytes) continue;
      if (!latest || *recording_.at(*latest).life.died <= *block.life.died) latest = id;
    }
  }
  return latest;
}

const std::vector<VariableId>& Timeline::variables_of(FrameId frame) const {
  return list_of(variables_, frame);
}
const std::vector<FrameId>& Timeline::callees_of(FrameId frame) const {
  return list_of(callees_, frame);
}
const std::vector<BlockId>& Timeline::tenants(Address address) const {
  return list_of(tenants_, address);
}

std::optional<BlockId> Timeline::block_starting_at(Address address, StepIndex step) const {
  for (const BlockId id : tenants(address)) {
    if (recording_.at(id).life.alive_at(step)) return id;
  }
  return std::nullopt;
}

std::optional<BlockId> Timeline::block_around(Address address, StepIndex step) const {
  auto start = tenants_.upper_bound(address);
  for (int i = 0; i < starts_tried && start != tenants_.begin(); ++i) {
    --start;
    for (const BlockId id : start->second) {
      const Block& block = recording_.at(id);
      // At its free step the thread stands before the release.
      const bool going = block.life.died == step && recording_.steps[step].block == id;
      if (!block.life.alive_at(step) && !going) continue;
      const BlockSize* size = size_at(block, step);
      const std::uint64_t bytes = size ? std::max<std::uint64_t>(size->requested, 1) : 1;
      const bool inside = static_cast<std::uint64_t>(address - block.address) < bytes;
      return inside ? std::optional(id) : std::nullopt;  // live blocks do not overlap
    }
  }
  return std::nullopt;
}

std::optional<StepIndex> Timeline::last_step_of(ThreadId thread, StepIndex step) const {
  const std::vector<StepIndex>& steps = list_of(thread_steps_, thread);
  const auto after = std::ranges::upper_bound(steps, step);
  return after == steps.begin() ? std::nullopt : std::optional(*std::prev(after));
}

std::optional<StepIndex> Timeline::last_step_in(FrameId frame, StepIndex step) const {
  const std::vector<StepIndex>& steps = list_of(frame_steps_, frame).all;
  const auto after = std::ranges::upper_bound(steps, step);
  return after == steps.begin() ? std::nullopt : std::optional(*std::prev(after));
}

bool Timeline::passed_line(FrameId frame, std::uint32_t line, StepIndex step) const {
  for (const auto& [index, highest] : list_of(frame_steps_, frame).highest_line) {
    if (index > step) break;
    if (highest > line) return true;
  }
  return false;
}

}  // namespace situ
