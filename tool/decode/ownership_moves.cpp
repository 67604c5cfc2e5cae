// What the claims on one block mean together: who owns it, who gave it away.
#include <algorithm>
#include <array>
#include <cstring>

#include "decode/ownership.h"
#include "decode/source_words.h"

namespace situ {

std::optional<FrameId> Ownership::frame_of(const Claim& claim) const {
  return claim.holder.variable ? recording_.at(*claim.holder.variable).frame : std::nullopt;
}

// The line that ran between the thread's step before this one and this one.
std::string_view Ownership::line_before(ThreadId thread, StepIndex step) const {
  if (step == 0) return {};
  const auto before = timeline_.last_step_of(thread, step - 1);
  if (!before) return {};
  return rewrites_.source_line(recording_.steps[*before].file, recording_.steps[*before].line);
}

// A parameter was given by the caller's line, any other claim by the line that ran before it was seen.
std::string_view Ownership::line_that_gave(const Claim& claim) const {
  const auto frame = frame_of(claim);
  if (frame && recording_.at(*frame).life.born == claim.born) {
    const auto& site = recording_.at(*frame).call_site;
    if (site) return rewrites_.source_line(site->file, site->line);
  }
  const ThreadId thread = frame ? recording_.at(*frame).thread : recording_.steps[claim.born].thread;
  return line_before(thread, claim.born);
}

// Of two claims seen first at the same step: what lies in a block was put there last; a callee's variable was
// given by its caller's; in one frame the later declaration is the newer.
bool Ownership::newer(std::size_t a, std::size_t b) const {
  const Claim &x = claims_[a], &y = claims_[b];
  if (x.born != y.born) return x.born > y.born;
  if (x.holder.block || y.holder.block) return x.holder.block.has_value() && !y.holder.block;
  const auto fx = frame_of(x), fy = frame_of(y);
  if (fx && fy && *fx != *fy) return recording_.at(*fx).depth > recording_.at(*fy).depth;
  const Variable &vx = recording_.at(*x.holder.variable), &vy = recording_.at(*y.holder.variable);
  return std::pair(vx.line, a) > std::pair(vy.line, b);
}

void Ownership::settle(BlockId block, StepIndex step) {
  std::vector<std::size_t> open, owners, shared;
  const auto here = open_by_block_.find(block);
  if (here == open_by_block_.end()) return;
  for (const std::size_t i : here->second) {
    const Claim& claim = claims_[i];
    if (claim.alias_of) continue;
    open.push_back(i);
    if (claim.rust) (claim.kind == PointerKind::owner ? owners : shared).push_back(i);
  }
  if (owners.size() > 1) settle_rust(owners, step);
  if (shared.size() > 1) settle_shared(block, shared, step);
  settle_emptied(block, open, step);
}

void Ownership::settle_rust(const std::vector<std::size_t>& open, StepIndex step) {
  const std::size_t owner = *std::ranges::max_element(open, [this](auto a, auto b) { return newer(b, a); });
  // What was moved back by an assignment has a claim of its own, so the newest one is never left behind.
  for (const std::size_t i : open) {
    if (i == owner || claims_[i].moved) continue;
    move(i, owner, step);
  }
}

// C++: the source of a move no longer holds what its new owner does.
void Ownership::settle_emptied(BlockId block, const std::vector<std::size_t>& open, StepIndex step) {
  const auto taker = std::ranges::find_if(
      open, [&](std::size_t i) { return !claims_[i].rust && claims_[i].born == step && step > 0; });
  if (taker == open.end()) return;
  for (const std::size_t i : closed_now_) {
    const Claim& claim = claims_[i];
    const bool left = claim.block == block && !claim.rust && !claim.alias_of && !claim.moved;
    if (!left || claim.kind != claims_[*taker].kind || claim.holder == claims_[*taker].holder) continue;
    const auto frame = frame_of(claim);
    if (frame && !recording_.at(*frame).life.alive_at(step)) continue;  // returned: nothing is left behind
    move(i, *taker, step);
  }
}

// Rc and Arc: more variables hold the address than the count says. The one that gave its share away is the
// one the line names that gave it; where the source does not tell, none is accused.
void Ownership::settle_shared(BlockId block, const std::vector<std::size_t>& open, StepIndex step) {
  std::uint64_t strong = 0;
  const MemoryAtStep memory(recording_.memory, step);
  std::array<std::byte, 8> bytes{};
  if (memory.read(recording_.at(block).address, bytes) != bytes.size()) return;
  std::memcpy(&strong, bytes.data(), sizeof strong);
  std::vector<std::size_t> holding;
  for (const std::size_t i : open) {
    if (!claims_[i].moved) holding.push_back(i);
  }
  if (holding.size() <= strong) return;
  std::ranges::sort(holding, [this](auto a, auto b) { return newer(b, a); });
  const std::size_t newest = holding.back();
  const bool fresh = claims_[newest].born == step;
  const ThreadId thread = recording_.steps[step].thread;
  const std::string_view line = fresh ? line_that_gave(claims_[newest]) : line_before(thread, step);
  std::vector<std::size_t> named, same_name;
  for (const std::size_t i : holding) {
    if ((fresh && i == newest) || !claims_[i].holder.variable) continue;
    const std::string& name = recording_.at(*claims_[i].holder.variable).name;
    if (uses_value(line, name)) named.push_back(i);
    const auto& other = claims_[newest].holder.variable;
    if (fresh && other && recording_.at(*other).name == name) same_name.push_back(i);  // captured
  }
  // What gave another owner away in the same move gave this one too.
  std::vector<std::size_t> together;
  for (const std::size_t i : holding) {
    if (!fresh || i == newest) continue;
    const bool with = std::ranges::any_of(claims_of(claims_[i].holder), [&](std::size_t other) {
      const auto& to = claims_[other].moved_to;
      return claims_[other].moved == step && to && claims_[*to].holder == claims_[newest].holder;
    });
    if (with) together.push_back(i);
  }
  if (strong == 0) {  // only weak ones are left: what the line named gave its share away
    for (const std::size_t i : named) move(i, std::nullopt, step);
    return;
  }
  for (const auto* candidates : {&together, &named, &same_name}) {
    if (candidates->size() != 1) continue;
    move(candidates->front(), fresh ? std::optional(newest) : std::nullopt, step);
    return;
  }
}

// "x = y;" and "x = f(x);" may leave x's bits as they were: the line says that x has been given the block.
void Ownership::take_back(StepIndex step) {
  for (const std::size_t i : std::vector(given_.begin(), given_.end())) {
    const Claim before = claims_[i];
    const auto frame = frame_of(before);
    if (!frame || !before.holder.variable || *before.moved >= step) continue;
    const Step& now = recording_.steps[step];
    if (now.frame != frame || now.cause == Cause::returned || now.cause == Cause::call) continue;
    const auto last = timeline_.last_step_in(*frame, step - 1);
    if (!last) continue;
    const std::string_view line =
        rewrites_.source_line(recording_.steps[*last].file, recording_.steps[*last].line);
    if (now.file == recording_.steps[*last].file && now.line == recording_.steps[*last].line) continue;
    if (!assigns(line, recording_.at(*before.holder.variable).name)) continue;
    const Claim* taker = before.moved_to ? &claims_[*before.moved_to] : nullptr;
    const bool gone = taker && taker->died;
    const bool named =
        taker && taker->holder.variable && uses_value(line, recording_.at(*taker->holder.variable).name);
    if (!gone && !named) continue;
    const FoundPointer found{before.offset, before.path, true,  {},   before.kind, {}, 1,
                             false,         false,       false, false};
    close(i, step);
    open(before.holder, {found, before.block}, step);
    settle(before.block, step);
  }
}

const Claim* Ownership::moved_out(VariableId variable, StepIndex step) const {
  const OwnerHolder holder{variable, {}};
  std::map<std::uint64_t, const Claim*> last;  // by word
  for (const std::size_t i : recent_claims(holder, step)) last.try_emplace(claims_[i].offset, &claims_[i]);
  const Claim* newest = nullptr;
  for (const auto& [offset, claim] : last) {
    if (!claim->moved_at(step)) {
      // A word that ended some other way holds nothing now, or nothing of a block: it has no say.
      if (!claim->died || *claim->died > step) return nullptr;
      continue;
    }
    if (!newest || *claim->moved > *newest->moved) newest = claim;
  }
  return newest;
}

}  // namespace situ
