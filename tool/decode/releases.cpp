#include "decode/releases.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "decode/decoder.h"
#include "decode/escape.h"
#include "decode/release_names.h"
#include "decode/shapes.h"
#include "decode/source_words.h"

namespace situ {
namespace {

constexpr int deepest_root = 16;

std::string_view name_of(const Recording& recording, const StackLine& line) {
  return line.function ? std::string_view(recording.at(*line.function).name) : std::string_view{};
}

// The innermost line of the user's code that is no destructor; past the end: there is none.
std::size_t user_line(const Recording& recording, const std::vector<StackLine>& stack) {
  std::size_t destructor = stack.size();
  for (std::size_t i = 0; i < stack.size(); ++i) {
    if (!stack[i].function || !recording.at(*stack[i].function).user) continue;
    if (!is_destructor(name_of(recording, stack[i]))) return i;
    if (destructor == stack.size()) destructor = i;
  }
  return destructor;
}

FreeKind kind_of(ReleasingCall call) {
  switch (call) {
    case ReleasingCall::drop:
      return FreeKind::scope_end;
    case ReleasingCall::explicit_drop:
      return FreeKind::explicit_drop;
    case ReleasingCall::assignment:
      return FreeKind::reassigned;
    case ReleasingCall::growth:
      return FreeKind::growth;
    case ReleasingCall::removal:
      return FreeKind::removed;
    case ReleasingCall::thread_exit:
      return FreeKind::thread_exit;
    case ReleasingCall::program_exit:
      return FreeKind::program_exit;
    case ReleasingCall::other:
      break;
  }
  return FreeKind::consumed;
}

}  // namespace

std::string_view free_kind_name(FreeKind kind) {
  static constexpr std::array<std::string_view, 13> names = {
      "scope_end", "reassigned", "explicit_drop", "explicit_delete", "explicit_free", "growth", "removed",
      "consumed",  "temporary",  "unwinding",     "thread_exit",     "program_exit",  "runtime"};
  return names[static_cast<std::size_t>(kind)];
}

const FreeReason* Releases::of(BlockId block) {
  if (!recording_.at(block).life.died) return nullptr;
  const auto known = known_.find(block);
  if (known != known_.end()) return &known->second;
  return &known_.emplace(block, explain(block)).first->second;
}

void Releases::find_roots(BlockId block, bool through, int depth, std::vector<Root>& roots) const {
  if (depth > deepest_root) return;
  for (const std::size_t i : ownership_.owners_at_release(block)) {
    const Claim& claim = ownership_.claim(i);
    if (claim.holder.variable) {
      roots.push_back({*claim.holder.variable, claim.path, through, claim.born});
    } else if (*claim.holder.block != block) {
      find_roots(*claim.holder.block, true, depth + 1, roots);
    }
  }
}

// Of several owners (of a share each, or of a container taken apart) the one the line names; else the one of
// the frame that acted that was declared first, for that one goes last.
std::optional<Releases::Root> Releases::choose(const std::vector<Root>& roots,
                                               const FreeReason& reason) const {
  const std::string_view line = rewrites_.source_line(reason.file, reason.line);
  const auto better = [&](const Root& a, const Root& b) {
    const auto rank = [&](const Root& root) {
      const Variable& variable = recording_.at(root.variable);
      const bool here = reason.frame && variable.frame == reason.frame;
      const bool named = !line.empty() && Rewrites::mentions(line, variable.name);
      return (named ? 2 : 0) + (here ? 1 : 0);
    };
    if (rank(a) != rank(b)) return rank(a) > rank(b);
    const Variable &x = recording_.at(a.variable), &y = recording_.at(b.variable);
    return std::pair(x.line, a.variable.value) < std::pair(y.line, b.variable.value);
  };
  const auto best = std::ranges::min_element(roots, better);
  return best == roots.end() ? std::nullopt : std::optional(*best);
}

std::optional<FrameId> Releases::frame_at(StepIndex step, const StackLine& line) const {
  if (step >= recording_.steps.size()) return std::nullopt;
  std::optional<FrameId> frame = recording_.steps[step].frame;
  for (int i = 0; frame && i < 64; ++i, frame = recording_.at(*frame).caller) {
    if (recording_.at(*frame).function == line.function) return frame;
  }
  return std::nullopt;
}

// A frame of the thread was popped by unwinding just now, or the acting frame itself never ran on.
bool Releases::unwinding(const FreeReason& reason, StepIndex step) const {
  if (!reason.frame) return false;
  const Frame& frame = recording_.at(*reason.frame);
  const auto closes = [&](const Step& s) {
    const std::string_view line = rewrites_.source_line(s.file, s.line);
    const auto first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '}';
  };
  StepIndex ran = 0;
  for (StepIndex s = step; s-- > 0;) {
    if (recording_.steps[s].thread != frame.thread || recording_.steps[s].cause != Cause::line) continue;
    if (closes(recording_.steps[s])) continue;
    ran = s;
    break;
  }
  for (const FrameId callee : timeline_.callees_of(*reason.frame)) {
    const Frame& popped = recording_.at(callee);
    const auto died = popped.life.died;
    if (popped.ended_by == EndedBy::unwind && died && *died > ran && *died <= step) return true;
  }
  if (frame.ended_by != EndedBy::unwind || !frame.life.died) return false;
  for (StepIndex s = step + 1; s < *frame.life.died && s < recording_.steps.size(); ++s) {
    const Step& later = recording_.steps[s];
    if (later.frame != reason.frame) continue;
    if ((later.cause == Cause::line || later.cause == Cause::call) && !closes(later)) return false;
  }
  return true;
}

bool Releases::is_assigned(const FreeReason& reason, const Root& root, StepIndex step) const {
  const Variable& variable = recording_.at(root.variable);
  const std::string_view line = rewrites_.source_line(reason.file, reason.line);
  if (!line.empty()) {
    const auto name = find_word(line, variable.name);
    const auto sign = line.find(" = ");
    const bool own = name != std::string_view::npos && sign != std::string_view::npos && name < sign &&
                     line.find("let ") == std::string_view::npos;
    if (own || variable.frame == reason.frame) return own;
    return sign != std::string_view::npos && line.find("let ") == std::string_view::npos;
  }
  for (const std::size_t i : ownership_.claims_of({root.variable, {}})) {
    const Claim& claim = ownership_.claim(i);
    if (claim.path == root.path && claim.born > step && claim.born <= step + 2) return true;
  }
  return false;
}

std::optional<VariableId> Releases::raw_pointer(BlockId block, const FreeReason& reason) const {
  const Block& freed = recording_.at(block);
  const std::string_view line = rewrites_.source_line(reason.file, reason.line);
  const auto look = [&](const std::vector<VariableId>& variables) -> std::optional<VariableId> {
    for (const VariableId id : variables) {
      const Variable& variable = recording_.at(id);
      if (variable.compiler_made || (!line.empty() && !Rewrites::mentions(line, variable.name))) continue;
      const VariableNow now = variables_.locate(id, *freed.life.died);
      std::uint64_t word = 0;
      if (now.bytes.size() < sizeof word || now.state != VariableState::live) continue;
      std::memcpy(&word, now.bytes.data(), sizeof word);
      if (word == freed.address.value) return id;
    }
    return std::nullopt;
  };
  if (!reason.frame) return std::nullopt;
  const auto found = look(timeline_.variables_of(*reason.frame));
  return found ? found : look(timeline_.statics());
}

// What kept the counts last, when all shares were gone before.
std::optional<VariableId> Releases::weak_pointer(BlockId block, const FreeReason& reason) const {
  if (!reason.frame) return std::nullopt;
  const StepIndex step = *recording_.at(block).life.died;
  for (const VariableId id : timeline_.variables_of(*reason.frame)) {
    const auto& type = recording_.at(id).type;
    const auto shape = type ? shape_of(recording_, without_aliases(recording_, *type)) : std::nullopt;
    if (!shape || shape->pointer_kind != PointerKind::weak) continue;
    const VariableNow now = variables_.locate(id, step);
    const MemoryAtStep memory(recording_.memory, step);
    const auto word = Bytes(now.bytes, now.at, memory).word(shape->pointer_offset);
    if (now.state == VariableState::live && word && timeline_.block_around({*word}, step) == block) return id;
  }
  return std::nullopt;
}

FreeReason Releases::explain(BlockId block) const {
  const Block& freed = recording_.at(block);
  const std::vector<StackLine>& stack = freed.free_stack;
  const StepIndex step = *freed.life.died;
  FreeReason reason;
  const std::size_t user = user_line(recording_, stack);
  ReleasingCall inside = ReleasingCall::other;
  for (std::size_t i = 0; i < std::min(user, stack.size()); ++i) {
    const ReleasingCall call = releasing_call(name_of(recording_, stack[i]));
    const bool leaves = call == ReleasingCall::thread_exit || call == ReleasingCall::program_exit;
    // The outermost call says what the program did; how a container grows or shrinks is told further in.
    if (inside == ReleasingCall::thread_exit || inside == ReleasingCall::program_exit) break;
    if (leaves || call != ReleasingCall::other) inside = call;
  }
  const std::string_view entry =
      user > 0 && user <= stack.size() && !stack.empty() ? name_of(recording_, stack[user - 1]) : "";
  std::vector<Root> roots;
  find_roots(block, false, 0, roots);
  if (user == stack.size()) {
    if (!stack.empty()) {
      reason.function = stack.front().function;
      reason.file = stack.front().file;
      reason.line = stack.front().line;
    }
    const bool leaves = inside == ReleasingCall::thread_exit || inside == ReleasingCall::program_exit;
    if (leaves) reason.kind = kind_of(inside);
    if (const auto root = choose(roots, reason); root && leaves) reason.variable = root->variable;
    reason.text = text_of(reason, block, stack.empty() ? "" : name_of(recording_, stack.front()));
    return reason;
  }
  const StackLine& by = stack[user];
  reason.function = by.function;
  reason.file = by.file;
  reason.line = by.line;
  reason.frame = frame_at(step, by);
  const bool rust = recording_.at(*by.function).language == Language::rust;
  auto root = choose(roots, reason);
  if (const auto weak = root ? std::nullopt : weak_pointer(block, reason))
    root = Root{*weak, "", false, step};
  if (root) {
    reason.variable = root->variable;
    reason.path = root->path;
    reason.through_blocks = root->through_blocks;
  }
  if (freed.moved_to || inside == ReleasingCall::growth) {
    reason.kind = FreeKind::growth;
  } else if (user == 0 && !rust) {
    const bool by_free =
        freed.freed_by != HeapOp::operator_delete && freed.freed_by != HeapOp::operator_delete_array;
    reason.kind = by_free ? FreeKind::explicit_free : FreeKind::explicit_delete;
    if (const auto raw = raw_pointer(block, reason)) {
      reason.variable = raw;
      reason.path.clear();
      reason.through_blocks = false;
    }
  } else {
    const ReleasingCall outer = user == 0 ? ReleasingCall::drop : releasing_call(entry);
    const bool told_inside = outer == ReleasingCall::other && inside != ReleasingCall::drop;
    reason.kind = kind_of(told_inside ? inside : outer);
    if (reason.kind == FreeKind::scope_end) {
      const bool own = root && reason.frame && recording_.at(root->variable).frame == reason.frame;
      if (root && rust && is_assigned(reason, *root, step)) {
        reason.kind = FreeKind::reassigned;
      } else if (unwinding(reason, step)) {
        reason.kind = FreeKind::unwinding;
      } else if (!root) {
        reason.kind = FreeKind::temporary;
      } else if (!own && reason.frame) {
        reason.kind = FreeKind::consumed;
      }
    }
  }
  reason.text = text_of(reason, block, entry);
  return reason;
}

std::string Releases::text_of(const FreeReason& reason, BlockId block, std::string_view entry) const {
  const std::string who = reason.function ? plain_function_name(recording_.at(*reason.function).name) : "";
  const std::string name = reason.variable ? printable(recording_.at(*reason.variable).name) : "";
  const std::string what = name.empty() ? "its owner" : name + printable(reason.path);
  const std::string call = printable(last_name(entry));
  const auto& moved = recording_.at(block).moved_to;
  switch (reason.kind) {
    case FreeKind::scope_end:
      return (name.empty() ? what : name) + " goes out of scope" +
             (reason.through_blocks || !reason.path.empty() ? ", and what it owns with it" : "");
    case FreeKind::reassigned:
      return (name.empty() ? what : name) + " gets another value";
    case FreeKind::explicit_drop:
      return call == "drop" ? who + " drops " + what : fmt::format("{} calls {} on {}", who, call, what);
    case FreeKind::explicit_delete:
      return who + " deletes " + (name.empty() ? "it" : name);
    case FreeKind::explicit_free:
      return who + " frees " + (name.empty() ? "it" : name);
    case FreeKind::growth:
      return (name.empty() ? "its container" : name) + " has moved to a larger block" +
             (moved ? ", " + block_label(recording_.at(*moved)) : "");
    case FreeKind::removed:
      return fmt::format("{} lets it go ({})", name.empty() ? "its container" : name, call);
    case FreeKind::consumed:
      if (call.empty()) return what + " was given away";
      return name.empty() ? call + " is done with it" : fmt::format("{} is done with {}", call, what);
    case FreeKind::temporary:
      return fmt::format("a value without a name ends in {}", who);
    case FreeKind::unwinding:
      return (name.empty() ? "its owner" : name) + " is dropped while the stack is unwound";
    case FreeKind::thread_exit:
      return "the thread ends" + (name.empty() ? "" : ", and " + name + " with it");
    case FreeKind::program_exit:
      return "the program ends" + (name.empty() ? "" : ", and " + name + " with it");
    case FreeKind::runtime:
      break;
  }
  return entry.empty() ? "" : printable(plain_function_name(entry)) + " frees it";
}

}  // namespace situ
