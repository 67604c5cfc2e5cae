// The claims: which words were looked at when, and what they said.
#include "decode/ownership.h"

#include <algorithm>

#include "decode/container_words.h"
#include "decode/shapes.h"

namespace situ {
namespace {

constexpr std::uint64_t bytes_looked_at = 16'384;
constexpr int deepest = 12;
constexpr std::size_t claims_remembered = 256;

bool owns(PointerKind kind) {
  return kind == PointerKind::owner || kind == PointerKind::shared;
}

bool type_may_own(const Recording& recording, TypeId id, int depth) {
  if (depth <= 0) return true;
  const TypeId plain = without_aliases(recording, id);
  const Type& type = recording.at(plain);
  if (const auto shape = shape_of(recording, plain)) return owns(shape->pointer_kind);
  if (is_container(type)) return true;
  const auto any_field = [&](const Type& holder) {
    return std::ranges::any_of(
        holder.fields, [&](const Field& field) { return type_may_own(recording, field.type, depth - 1); });
  };
  switch (type.kind) {
    case TypeKind::pointer:
      return pointer_kind_of(type) == PointerKind::owner;
    case TypeKind::array:
      return type.element && type_may_own(recording, *type.element, depth - 1);
    case TypeKind::record:
    case TypeKind::union_type:
      return any_field(type);
    case TypeKind::choice:
      return any_field(type) || std::ranges::any_of(type.variants, [&](const Variant& variant) {
               return type_may_own(recording, variant.type, depth - 1);
             });
    default:
      return false;
  }
}

template <class Map, class Key>
const auto& list_of(const Map& map, const Key& key) {
  static const typename Map::mapped_type none;
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

}  // namespace

const std::vector<std::size_t>& Ownership::claims_on(BlockId block) const {
  return list_of(by_block_, block);
}
const std::vector<std::size_t>& Ownership::claims_of(const OwnerHolder& holder) const {
  return list_of(by_holder_, holder);
}

const std::vector<std::size_t>& Ownership::moves_at(StepIndex step) const {
  return list_of(moves_, step);
}

std::vector<std::size_t> Ownership::recent_claims(const OwnerHolder& holder, StepIndex step) const {
  const std::vector<std::size_t>& all = claims_of(holder);
  auto i = std::ranges::upper_bound(all, step, {}, [this](std::size_t c) { return claims_[c].born; });
  std::vector<std::size_t> recent;
  while (i != all.begin() && recent.size() < claims_remembered) recent.push_back(*--i);
  return recent;
}

const Claim* Ownership::last_claim(const OwnerHolder& holder, std::uint64_t offset, StepIndex step) const {
  for (const std::size_t i : recent_claims(holder, step)) {
    if (claims_[i].offset == offset) return &claims_[i];
  }
  return nullptr;
}

std::vector<std::size_t> Ownership::owners_at_release(BlockId block) const {
  std::vector<std::size_t> owners;
  const StepIndex died = recording_.at(block).life.died.value_or(0);
  for (const std::size_t i : claims_on(block)) {
    const Claim& claim = claims_[i];
    const bool held = claim.born <= died && (!claim.died || *claim.died >= died);
    if (held && !claim.alias_of && !claim.moved_at(died)) owners.push_back(i);
  }
  return owners;
}

bool Ownership::may_own(TypeId type) {
  const auto [known, added] = may_own_.try_emplace(type.value, false);
  if (added) known->second = type_may_own(recording_, type, deepest);
  return known->second;
}

std::uint64_t Ownership::count_of(BlockId block) const {
  const auto now = counts_.find(block);
  return now == counts_.end() ? types_.of(block).count : now->second;
}

void Ownership::note_variable(VariableId id, StepIndex first, StepIndex end) {
  const Variable& variable = recording_.at(id);
  first = std::max(first, variable.life.born);
  const OwnerHolder holder{id, {}};
  const auto note = [&](std::optional<StepIndex> step) {
    if (step && *step >= first && *step < end) dirty_[*step].insert(holder);
  };
  const auto note_life = [&](const Lifetime& life) {
    note(life.born);
    note(life.died);
  };
  note_life(variable.life);
  if (variable.frame) note_life(recording_.at(*variable.frame).life);
  for (const Lifetime& scope : variable.in_scope) note_life(scope);
  const std::uint64_t size = recording_.at(without_aliases(recording_, *variable.type)).size.value_or(64);
  for (const Place& place : variable.places) {
    note_life(place.life);
    if (place.address) {
      std::vector<StepIndex> steps;
      const auto life_end = std::min(end, place.life.died.value_or(end));
      add_changes(recording_.memory, steps, *place.address, std::min(size, bytes_looked_at),
                  std::max(first, place.life.born), life_end);
      for (const StepIndex step : steps) note(step);
    }
    if (place.kind != PlaceKind::reg || !variable.frame) continue;
    for (const RegisterValue& value : recording_.at(*variable.frame).registers) note_life(value.life);
  }
}

void Ownership::note_block(BlockId id, StepIndex first, StepIndex end) {
  const Block& block = recording_.at(id);
  std::vector<StepIndex> steps;
  const std::uint64_t size = block.sizes.empty() ? 0 : block.sizes.back().requested;
  add_changes(recording_.memory, steps, block.address, std::min(size, bytes_looked_at),
              std::max(first, block.life.born), std::min(end, block.life.died.value_or(end)));
  for (const StepIndex step : steps) dirty_[step].insert({{}, id});
}

void Ownership::note_changes(StepIndex end) {
  for (; variables_taken_ < recording_.variables.size(); ++variables_taken_) {
    const VariableId id{static_cast<std::uint32_t>(variables_taken_)};
    const auto type = recording_.at(id).type;
    if (type && may_own(*type)) open_variables_.push_back(id);
  }
  for (; blocks_taken_ < recording_.blocks.size(); ++blocks_taken_) {
    open_blocks_.push_back(BlockId{static_cast<std::uint32_t>(blocks_taken_)});
  }
  for (const VariableId id : open_variables_) note_variable(id, done_, end);
  for (const BlockId id : open_blocks_) {
    note_block(id, done_, end);
    const auto died = recording_.at(id).life.died;
    if (died && *died >= done_ && *died < end) deaths_[*died].push_back(id);
  }
  const auto gone = [end](const Lifetime& life) { return life.died && *life.died < end; };
  std::erase_if(open_variables_, [&](VariableId id) { return gone(recording_.at(id).life); });
  std::erase_if(open_blocks_, [&](BlockId id) { return gone(recording_.at(id).life); });
}

void Ownership::update() {
  const auto end = static_cast<StepIndex>(recording_.steps.size());
  if (end == done_) return;
  note_changes(end);
  for (StepIndex step = done_; step < end; ++step) process(step);
  dirty_.clear();
  deaths_.clear();
  done_ = end;
}

void Ownership::process(StepIndex step) {
  touched_.clear();
  closed_now_.clear();
  // An owner that states another length makes the block it points to worth another look.
  std::set<OwnerHolder> now = watched_;
  for (int round = 0; round < deepest; ++round) {
    if (const auto dirty = dirty_.find(step); dirty != dirty_.end()) {
      now.merge(dirty->second);
      dirty_.erase(dirty);
    }
    if (now.empty()) break;
    for (const OwnerHolder& holder : now) {
      if (holder.variable) look_at(holder, step);
    }
    for (const OwnerHolder& holder : now) {
      if (holder.block) look_at(holder, step);
    }
    now.clear();
  }
  for (const BlockId block : std::set(touched_)) settle(block, step);
  if (const auto died = deaths_.find(step); died != deaths_.end()) {
    for (const BlockId id : died->second) {
      for (const std::size_t i : std::vector(list_of(open_by_block_, id))) close(i, step);
      for (const std::size_t i : std::vector(list_of(open_by_holder_, OwnerHolder{{}, id}))) close(i, step);
    }
  }
  take_back(step);
}

std::vector<Ownership::Word> Ownership::words_of(const OwnerHolder& holder, StepIndex step) {
  std::vector<Word> words;
  const MemoryAtStep memory(recording_.memory, step);
  bool waits = false, ended = false;
  const auto take = [&](const FoundPointer& found) {
    if (!owns(found.kind) || !found.known || found.empty || found.self || !found.address) return;
    const auto block = timeline_.block_around(found.address, step);
    if (!block) return;
    // What a moved-from container says of its length is what it was.
    const Claim* present = last_claim(holder, found.offset, step);
    if (ended && (found.kind != PointerKind::owner || !present || present->died || present->block != *block))
      return;
    const bool left = present && present->block == *block && present->moved;
    if (found.counts && !left && recording_.at(*block).address == found.address) {
      auto& count = counts_[*block];
      if (count != found.count) dirty_[step].insert({{}, *block});
      count = found.count;
    }
    if (stale(holder, found, *block, step)) {
      waits = true;
    } else {
      words.push_back({found, *block});
    }
  };
  if (holder.variable) {
    const Variable& variable = recording_.at(*holder.variable);
    const VariableNow now = variables_.locate(*holder.variable, step);
    const bool lives = !variable.frame || recording_.at(*variable.frame).life.alive_at(step);
    // A destructor may run where the scope's code has ended: what was owned there still is.
    ended = now.state == VariableState::ended && recording_.at(*variable.type).language != Language::rust;
    if ((now.state == VariableState::live || ended) && lives) {
      scan_pointers({recording_, variables_.marked(*holder.variable, step), take},
                    Bytes(now.bytes, now.at, memory), *variable.type);
    }
  } else {
    const Block& block = recording_.at(*holder.block);
    const BlockContent& content = types_.of(*holder.block);
    const bool filled = block.life.born < step || recording_.steps[step].cause != Cause::alloc;
    if (block.life.alive_at(step) && filled && content.type && !content.is_text && may_own(*content.type)) {
      scan_elements({recording_, {}, take}, Bytes({}, block.address, memory), *content.type,
                    count_of(*holder.block));
    }
  }
  if (waits) {
    watched_.insert(holder);
  } else {
    watched_.erase(holder);
  }
  return words;
}

// The word stands there since before the block was handed out, and no line has written it since.
bool Ownership::stale(const OwnerHolder& holder, const FoundPointer& found, BlockId block, StepIndex step) {
  std::optional<Address> at;
  StepIndex written = 0;
  Rewrites::Question question;
  if (holder.variable) {
    const Variable& variable = recording_.at(*holder.variable);
    at = variables_.locate(*holder.variable, step).at;
    if (variable.frame) written = recording_.at(*variable.frame).life.born;
    for (const Lifetime& scope : variable.in_scope) {
      if (scope.born <= step) written = std::max(written, scope.born);
    }
    question.name = variable.name;
  } else {
    at = recording_.at(*holder.block).address;
    written = recording_.at(*holder.block).life.born;
    question.variable = false;
    question.name = found.path.substr(found.path.rfind('.') + 1);
  }
  if (!at) return false;
  const StepIndex born = recording_.at(block).life.born;
  written = std::max(written, recording_.memory.last_written(step, *at + found.offset, 8).value_or(step));
  if (written >= born) return false;
  question.plain = false;
  question.since = born;
  question.now = step;
  question.made_by = &recording_.at(block).stack;
  return !rewrites_.may_be_rewritten(question);
}

void Ownership::look_at(const OwnerHolder& holder, StepIndex step) {
  const std::vector<Word> words = words_of(holder, step);
  for (const std::size_t i : std::vector(list_of(open_by_holder_, holder))) {
    const Claim& claim = claims_[i];
    const bool still = std::ranges::any_of(words, [&](const Word& word) {
      return word.found.offset == claim.offset && word.block == claim.block;
    });
    if (!still) close(i, step);
  }
  for (const Word& word : words) {
    const auto& present = list_of(open_by_holder_, holder);
    const bool known = std::ranges::any_of(present, [&](std::size_t i) {
      return claims_[i].offset == word.found.offset && claims_[i].block == word.block;
    });
    if (!known) open(holder, word, step);
  }
  // The counts of an Rc lie in the block itself: what changed it may have changed who holds it.
  if (holder.block && !claims_on(*holder.block).empty()) touched_.insert(*holder.block);
}

void Ownership::open(const OwnerHolder& holder, const Word& word, StepIndex step) {
  Claim claim;
  claim.block = word.block;
  claim.holder = holder;
  claim.offset = word.found.offset;
  claim.path = word.found.path;
  claim.kind = word.found.kind;
  claim.link = word.found.link;
  claim.born = step;
  std::optional<TypeId> type;
  if (holder.variable) {
    type = recording_.at(*holder.variable).type;
    const auto at = variables_.locate(*holder.variable, step).at;
    if (at) claim.word = *at + claim.offset;
  } else {
    type = types_.of(*holder.block).type;
    claim.word = recording_.at(*holder.block).address + claim.offset;
  }
  claim.rust = type && recording_.at(*type).language == Language::rust;
  if (claim.word) {
    for (const std::size_t i : list_of(by_word_, *claim.word)) {
      if (!claims_[i].alias_of && claims_[i].block == claim.block) claim.alias_of = i;
    }
  }
  const std::size_t index = claims_.size();
  claims_.push_back(claim);
  by_block_[claim.block].push_back(index);
  open_by_block_[claim.block].push_back(index);
  by_holder_[holder].push_back(index);
  open_by_holder_[holder].push_back(index);
  if (claim.word) by_word_[*claim.word].push_back(index);
  touched_.insert(claim.block);
}

void Ownership::close(std::size_t index, StepIndex step) {
  Claim& claim = claims_[index];
  if (claim.died) return;
  claim.died = step;
  given_.erase(index);
  touched_.insert(claim.block);
  closed_now_.push_back(index);
  std::erase(open_by_block_[claim.block], index);
  std::erase(open_by_holder_[claim.holder], index);
  if (claim.word) std::erase(by_word_[*claim.word], index);
}

void Ownership::move(std::size_t from, std::optional<std::size_t> to, StepIndex step) {
  claims_[from].moved = step;
  claims_[from].moved_to = to;
  moves_[step].push_back(from);
  if (claims_[from].rust) given_.insert(from);
}

}  // namespace situ
