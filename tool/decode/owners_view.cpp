// What became of the owners among a moment's variables: moved, dropped, or still holding.
#include <algorithm>

#include "decode/decoder.h"
#include "decode/owner.h"
#include "decode/shapes.h"
#include "decode/source_words.h"

namespace situ {
namespace {

bool ends_variable(FreeKind kind) {
  return kind == FreeKind::scope_end || kind == FreeKind::unwinding;
}

bool gives_away(FreeKind kind) {
  return kind == FreeKind::explicit_drop || kind == FreeKind::consumed;
}

}  // namespace

// Rust: the word says something else than the bits the move left. C++: written since the move emptied it.
bool Decoder::Impl::has_new_value(VariableId id, const Claim& moved, StepIndex step) const {
  if (moved.rust) {
    const auto gone = recording_.at(moved.block).life.died;
    return moved.died && *moved.died <= step && moved.died != gone;
  }
  if (!moved.word) return false;
  const Variable& variable = recording_.at(id);
  const std::uint64_t size = variable.type && moved.path.empty()
                                 ? recording_.at(without_aliases(recording_, *variable.type)).size.value_or(8)
                                 : 8;
  const Address from = moved.path.empty() ? Address{moved.word->value - moved.offset} : *moved.word;
  return recording_.memory.last_written(step, from, size).value_or(0) > *moved.moved;
}

// A short std::string has no block: its move copies the text and empties the source, which the line names.
bool Decoder::Impl::small_text_moved(VariableId id, StepIndex step) {
  const Variable& variable = recording_.at(id);
  if (!variable.frame || !variable.type) return false;
  const auto shape = shape_of(recording_, without_aliases(recording_, *variable.type));
  if (!shape || !shape->local_buffer || !shape->length_offset) return false;
  const VariableNow now = variables_.locate(id, step);
  if (!now.at) return false;
  const MemoryAtStep memory(recording_.memory, step);
  const auto owner = read_owner(recording_, Bytes(now.bytes, now.at, memory), *shape);
  if (!owner || !owner->self || owner->length > 0) return false;
  const Address word = *now.at + *shape->length_offset;
  const auto emptied = recording_.memory.last_written(step, word, 8);
  if (!emptied || *emptied == 0) return false;
  const VariableNow then = variables_.locate(id, *emptied - 1);
  const auto ran = timeline_.last_step_in(*variable.frame, *emptied - 1);
  if (then.state != VariableState::live || !ran) return false;
  const Step& line = recording_.steps[*ran];
  return moves_explicitly(rewrites_.source_line(line.file, line.line), variable.name);
}

Decoder::Impl::Fate Decoder::Impl::fate_of(VariableId id, VariableState by_bytes, StepIndex step) {
  Fate fate{by_bytes, nullptr};
  if (by_bytes != VariableState::live) return fate;
  if (const Claim* moved = ownership_.moved_out(id, step)) {
    if (has_new_value(id, *moved, step)) return fate;
    return {VariableState::moved, moved};
  }
  if (small_text_moved(id, step)) return {VariableState::moved, nullptr};
  const OwnerHolder holder{id, {}};
  const Claim* released = nullptr;
  for (const std::size_t i : ownership_.recent_claims(holder, step)) {
    const Claim& claim = ownership_.claim(i);
    if (claim.alias_of) continue;
    if (claim.open_at(step)) return fate;
    if (!released) released = &claim;
  }
  if (!released || !released->died || released->died != recording_.at(released->block).life.died) return fate;
  const Variable& variable = recording_.at(id);
  const bool again = std::ranges::any_of(variable.in_scope, [&](const Lifetime& scope) {
    return scope.born > *released->died && scope.born <= step;
  });
  const FreeReason* reason = again ? nullptr : releases_.of(released->block);
  if (!reason) return fate;
  if (reason->variable != id) {
    // The last share went with the variable declared first: those declared behind it went before.
    const bool before = released->kind == PointerKind::shared && reason->variable &&
                        variable.frame == recording_.at(*reason->variable).frame &&
                        variable.line >= recording_.at(*reason->variable).line;
    if (before && reason->kind == FreeKind::scope_end && *released->died < step)
      fate.state = VariableState::ended;
    return fate;
  }
  if (ends_variable(reason->kind) && *released->died < step) fate.state = VariableState::ended;
  if (gives_away(reason->kind) && released->rust) fate.state = VariableState::moved;
  return fate;
}

// A Rust owner in scope whose block is gone gave it away before: safe Rust ends no value that a variable in
// scope still owns, but for the moment an assignment or the end of its scope replaces it.
void Decoder::Impl::mark_moved(const Moment& moment, std::vector<Held>& held) {
  for (Held& h : held) {
    const bool owns = h.found.kind == PointerKind::owner || h.found.kind == PointerKind::shared;
    if (!owns || !h.view.to || !h.view.to->block) continue;
    const Claim* claim =
        ownership_.last_claim({h.view.from_variable, h.view.from_block}, h.view.offset, moment.step);
    if (claim && claim->alias_of) claim = &ownership_.claim(*claim->alias_of);
    if (!claim || !claim->rust) continue;
    const bool dangles = is_dangling(h.view.state);
    bool moved = claim->moved_at(moment.step) && (dangles || claim->block == *h.view.to->block);
    if (dangles && h.view.from_variable) {
      const auto died = recording_.at(claim->block).life.died;
      const FreeReason* reason = died ? releases_.of(claim->block) : nullptr;
      moved = moved || h.view.state == PointerState::dangling_reused || (died && *died < moment.step) ||
              (reason && gives_away(reason->kind));
    }
    if (moved) h.view.state = PointerState::moved_from;
  }
}

}  // namespace situ
