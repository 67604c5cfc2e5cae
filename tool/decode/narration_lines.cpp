// Sentences about a line that is about to run, and what the one before it has changed.
#include <fmt/format.h>

#include "decode/escape.h"
#include "decode/narrator.h"

namespace situ {
namespace {

constexpr std::size_t changes_told = 3;

std::string trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  const auto last = line.find_last_not_of(" \t\r");
  return first == std::string_view::npos ? "" : std::string(line.substr(first, last - first + 1));
}

}  // namespace

std::string Narrator::line() const {
  if (step_.file.empty() || step_.line == 0) return "the next instruction is about to run";
  std::string text = fmt::format("line {} is about to run", step_.line);
  const std::string source = printable(trimmed(in_.rewrites.source_line(step_.file, step_.line)));
  if (!source.empty()) text += ": `" + source + "`";
  const std::string news = changes();
  if (!news.empty()) text += "; " + news;
  for (const std::string& move : moves()) text += "; " + move;
  return text;
}

// What the frame's variables hold that they did not hold at the step before.
std::string Narrator::changes() const {
  if (!step_.frame || index_ == 0) return {};
  std::vector<std::string> parts;
  std::size_t more = 0;
  for (const VariableId id : in_.timeline.variables_of(*step_.frame)) {
    const Variable& variable = recording_.at(id);
    if (variable.compiler_made || variable.life.born >= index_) continue;
    const VariableNow now = in_.variables.read(id, index_);
    if (now.state != VariableState::live) continue;
    const VariableState state = in_.state_of(id, now.state, index_);
    const bool emptied = state == VariableState::moved && variable.type &&
                         recording_.at(*variable.type).language != Language::rust;
    if (state != VariableState::live && !emptied) continue;
    const VariableNow before = in_.variables.read(id, index_ - 1);
    const VariableState was = in_.state_of(id, before.state, index_ - 1);
    const bool had = before.state == VariableState::live || before.state == VariableState::ended;
    if (had && before.value.text == now.value.text) continue;
    if (parts.size() == changes_told) {
      ++more;
      continue;
    }
    const bool changed = was == VariableState::live && before.state == VariableState::live;
    parts.push_back(printable(variable.name) +
                    (changed ? " was " + short_text(before.value.text) + ", is now " : " is now ") +
                    short_text(now.value.text));
  }
  if (more > 0) parts.push_back(fmt::format("{} more changed", counted(more, "variable")));
  return list_text(parts);
}

std::string Narrator::holder_name(const OwnerHolder& holder) const {
  if (holder.variable) return printable(recording_.at(*holder.variable).name);
  return "block " + block_label(recording_.at(*holder.block));
}

// Blocks that changed hands since the step before.
std::vector<std::string> Narrator::moves() const {
  std::vector<std::string> parts;
  for (const std::size_t i : in_.ownership.moves_at(index_)) {
    const Claim& claim = in_.ownership.claim(i);
    if (!claim.moved_to || parts.size() == changes_told) continue;
    const Claim& taker = in_.ownership.claim(*claim.moved_to);
    if (claim.link && taker.link && taker.holder.block) continue;  // between nodes
    parts.push_back(fmt::format("block {} moves from {} to {}", block_label(recording_.at(claim.block)),
                                holder_name(claim.holder) + claim.path,
                                holder_name(taker.holder) + taker.path));
  }
  return parts;
}

}  // namespace situ
