#include "decode/block_types.h"

#include <algorithm>

#include "decode/container_words.h"
#include "decode/scalars.h"
#include "decode/shapes.h"

namespace situ {
namespace {

constexpr std::uint64_t bytes_looked_at = 16'384;

// 3: an owner, or a part of one; 2: another pointer to something of known type; 0: says nothing.
int rank_of(const Recording& recording, const FoundPointer& found) {
  if (!found.pointee && !found.is_text) return 0;
  if (found.kind != PointerKind::raw && found.kind != PointerKind::borrow) return 3;
  if (!found.pointee) return 0;
  const Type& type = recording.at(without_aliases(recording, *found.pointee));
  if (type.kind == TypeKind::unspecified || type.kind == TypeKind::function || !type.size) return 0;
  if (type.size == 0) return 0;
  return found.is_text || is_plain_char(recording, *found.pointee) ? 1 : 2;
}

bool has_virtual_functions(const Recording& recording, const Type& type, int depth = 6) {
  return depth > 0 && std::ranges::any_of(type.fields, [&](const Field& field) {
           return (field.artificial && field.name.starts_with("_vptr")) ||
                  (field.base_class &&
                   has_virtual_functions(recording, recording.at(without_aliases(recording, field.type)),
                                         depth - 1));
         });
}

// How many elements a block holds when no pointer counts them.
std::uint64_t count_by_size(const Recording& recording, const Block& block, TypeId element, int rank) {
  const Type& type = recording.at(without_aliases(recording, element));
  const std::uint64_t size = type.size.value_or(0);
  const std::uint64_t requested = block.sizes.empty() ? 0 : block.sizes.back().requested;
  if (size == 0 || requested % size != 0) return 1;
  // Rust's owners of one element are exact; `new T` is one, perhaps larger, object.
  if (type.language == Language::rust && rank == 3) return 1;
  if (block.by == HeapOp::operator_new || has_virtual_functions(recording, type)) return 1;
  return std::max<std::uint64_t>(requested / size, 1);
}

}  // namespace

const BlockContent& BlockTypes::of(BlockId block) const {
  static const BlockContent nothing;
  const auto found = content_.find(block);
  return found == content_.end() ? nothing : found->second;
}

void BlockTypes::take(const FoundPointer& found, StepIndex step, const PointerSource& source) {
  if (!found.known || found.empty || found.self || !found.address) return;
  const bool counted = found.kind == PointerKind::shared || found.kind == PointerKind::weak;
  if (counted && take_counts(found.address, step)) return;
  const auto id = timeline_.block_starting_at(found.address, step);
  if (!id) return;
  int rank = rank_of(recording_, found);
  const Block& block = recording_.at(*id);
  if (rank < 2) return;
  if (source.at) {
    const auto written = recording_.memory.last_written(step, *source.at + found.offset, 8).value_or(step);
    if (std::max(written, source.since) < block.life.born) rank = 1;  // it may mean an earlier tenant
  }
  const std::uint64_t requested = block.sizes.empty() ? 0 : block.sizes.back().requested;
  const TypeId type = found.link && found.pointee ? node_of_size(recording_, *found.pointee, requested)
                                                  : found.pointee.value_or(TypeId{});
  const std::uint64_t size =
      found.pointee ? recording_.at(without_aliases(recording_, type)).size.value_or(1) : 1;
  if (size > requested) return;  // cannot be what is in it
  BlockContent& content = content_[*id];
  if (found.pointee && std::ranges::none_of(content.all, [&](TypeId other) {
        return other == type || recording_.at(other).name == recording_.at(type).name;
      })) {
    content.all.push_back(type);
  }
  const std::uint64_t present =
      content.type ? recording_.at(without_aliases(recording_, *content.type)).size.value_or(0) : 0;
  const bool better = rank > content.rank || (rank == 2 && content.rank == 2 && size > present);
  if (better) {
    content.type = found.pointee ? std::optional(type) : std::nullopt;
    content.rank = rank;
    content.is_text = found.is_text;
    content.counted = found.counts;
    content.count = found.counts ? found.count : count_by_size(recording_, block, type, rank);
    found_blocks_.push_back(*id);
  } else if (rank == content.rank && found.counts && content.type == found.pointee) {
    content.counted = true;
    content.count = std::max(content.count, found.count);
  }
}

// A shared_ptr leads to its counts, or to a value behind them.
bool BlockTypes::take_counts(Address address, StepIndex step) {
  const auto id = timeline_.block_around(address, step);
  if (!id) return false;
  const Block& block = recording_.at(*id);
  if (const auto known = content_.find(*id); known != content_.end() && known->second.rank == 3) {
    return block.address != address;
  }
  if (block.sizes.empty()) return false;
  const auto vptr = MemoryAtStep(recording_.memory, step).read_value<std::uint64_t>(block.address);
  const auto type = vptr ? control_block_type(recording_, {*vptr}) : std::nullopt;
  if (!type || recording_.at(*type).size.value_or(0) > block.sizes.back().requested) return false;
  BlockContent& content = content_[*id];
  content.type = type;
  content.all.push_back(*type);
  content.rank = 3;
  found_blocks_.push_back(*id);
  return true;
}

void BlockTypes::look_at_variable(Open& open, StepIndex end) {
  const VariableId id{open.id};
  const Variable& variable = recording_.at(id);
  const StepIndex first = std::max(open.next, variable.life.born);
  const StepIndex last = std::min(end, variable.life.died.value_or(end));
  std::vector<StepIndex> steps;
  const auto add = [&](const Lifetime& life) {
    if (life.born >= first && life.born < last) steps.push_back(life.born);
  };
  for (const Lifetime& scope : variable.in_scope) add(scope);
  const std::uint64_t size = recording_.at(without_aliases(recording_, *variable.type)).size.value_or(64);
  for (const Place& place : variable.places) {
    add(place.life);
    if (place.address) {
      add_changes(recording_.memory, steps, *place.address, std::min(size, bytes_looked_at), first, last);
    }
    if (place.kind != PlaceKind::reg || !variable.frame) continue;
    for (const RegisterValue& value : recording_.at(*variable.frame).registers) add(value.life);
  }
  std::ranges::sort(steps);
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  for (const StepIndex step : steps) {
    const VariableNow now = variables_.locate(id, step);
    const auto marked = variables_.marked(id, step);
    if (now.state != VariableState::live && now.state != VariableState::ended) continue;
    const MemoryAtStep memory(recording_.memory, step);
    StepIndex since = variable.frame ? recording_.at(*variable.frame).life.born : 0;
    for (const Lifetime& scope : variable.in_scope) {
      if (scope.born <= step) since = std::max(since, scope.born);
    }
    const PointerSource source{now.at, since};
    scan_pointers({recording_, marked, [&](const FoundPointer& found) { take(found, step, source); }},
                  Bytes(now.bytes, now.at, memory), *variable.type);
  }
  open.next = end;
}

void BlockTypes::look_at_block(Open& open, StepIndex end) {
  const BlockId id{open.id};
  const Block& block = recording_.at(id);
  const BlockContent content = of(id);
  open.next = std::max(open.next, block.life.born);
  const StepIndex last = std::min(end, block.life.died.value_or(end));
  if (!content.type || content.is_text || !may_hold_pointers(recording_, *content.type)) return;
  std::vector<StepIndex> steps;
  const std::uint64_t size = block.sizes.empty() ? 0 : block.sizes.back().requested;
  add_changes(recording_.memory, steps, block.address, std::min(size, bytes_looked_at), open.next, last);
  std::ranges::sort(steps);
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  for (const StepIndex step : steps) {
    const MemoryAtStep memory(recording_.memory, step);
    const PointerSource source{block.address, block.life.born};
    scan_elements({recording_, {}, [&](const FoundPointer& found) { take(found, step, source); }},
                  Bytes({}, block.address, memory), *content.type, content.count);
  }
  open.next = end;
}

void BlockTypes::update() {
  const auto end = static_cast<StepIndex>(recording_.steps.size());
  for (; variables_taken_ < recording_.variables.size(); ++variables_taken_) {
    const Variable& variable = recording_.variables[variables_taken_];
    if (variable.type && may_hold_pointers(recording_, *variable.type)) {
      open_variables_.push_back({static_cast<std::uint32_t>(variables_taken_), 0});
    }
  }
  if (end == done_) return;
  for (Open& open : open_variables_) look_at_variable(open, end);
  std::erase_if(open_variables_, [&](const Open& open) {
    const auto died = recording_.variables[open.id].life.died;
    return died && *died < end;
  });
  for (Open& open : open_blocks_) look_at_block(open, end);
  std::erase_if(open_blocks_, [&](const Open& open) {
    const auto died = recording_.blocks[open.id].life.died;
    return died && *died < end;
  });
  // A block whose type was just found may hold pointers that tell the type of others, over its whole life.
  while (!found_blocks_.empty()) {
    Open open{found_blocks_.back().value, 0};
    found_blocks_.pop_back();
    look_at_block(open, end);
    const auto& type = of(BlockId{open.id}).type;
    const auto died = recording_.blocks[open.id].life.died;
    if (!type || !may_hold_pointers(recording_, *type) || (died && *died < end)) continue;
    if (ever_open_.insert(BlockId{open.id}).second) open_blocks_.push_back(open);
  }
  done_ = end;
}

}  // namespace situ
