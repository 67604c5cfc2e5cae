#include "decode/rewrites.h"

#include <algorithm>
#include <array>

#include "decode/source_words.h"

namespace situ {
namespace {

std::string_view trimmed_end(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}
std::string_view trimmed_start(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

// `before name after`: an assignment, an increment, an address taken, an input, a C++ argument by reference.
bool may_write(std::string_view before, std::string_view after) {
  before = trimmed_end(before);
  after = trimmed_start(after);
  if (after.starts_with("++") || after.starts_with("--") || before.ends_with("++") ||
      before.ends_with("--")) {
    return true;
  }
  const bool address = before.ends_with("&") && !before.ends_with("&&");
  if (address || before.ends_with("&mut") || before.ends_with(">>")) return true;
  if (after.starts_with("(") || after.starts_with("{")) return true;  // initialised by its constructor
  static constexpr std::array<std::string_view, 4> operators = {"=", "+=", "-=", ":"};
  for (const std::string_view op : operators) {
    if (after.starts_with(op) && !after.starts_with("==")) return true;
  }
  const bool argument =
      (before.ends_with("(") || before.ends_with(",")) && (after.starts_with(",") || after.starts_with(")"));
  return argument && !before.ends_with("free(") && before.find("printf(") == std::string_view::npos;
}

}  // namespace

const std::vector<std::string>* Rewrites::lines_of(std::string_view file) {
  if (const auto found = lines_.find(std::string(file)); found != lines_.end()) return &found->second;
  for (const Source& source : recording_.sources) {
    if (source.file != file || !source.text) continue;
    std::vector<std::string> lines;
    std::string_view rest = *source.text;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return &(lines_[std::string(file)] = std::move(lines));
  }
  return nullptr;
}

std::string_view Rewrites::source_line(std::string_view file, std::uint32_t number) {
  const auto* lines = lines_of(file);
  return lines && number > 0 && number <= lines->size() ? std::string_view((*lines)[number - 1])
                                                        : std::string_view{};
}

bool Rewrites::mentions(std::string_view line, std::string_view name) {
  return !name.empty() && find_word(line, name, 0) != std::string_view::npos;
}

bool Rewrites::writes(std::string_view line, const Question& question) const {
  for (auto at = find_word(line, question.name, 0); at != std::string_view::npos;
       at = find_word(line, question.name, at + 1)) {
    if (!question.plain || !question.variable) return true;
    if (may_write(line.substr(0, at), line.substr(at + question.name.size()))) return true;
  }
  return false;
}

// Once its address is known elsewhere, any line may write it. A field must at least be named in the source.
Rewrites::Mentions Rewrites::mentions_of(const Question& question) {
  const std::string key = question.name + (question.variable ? "" : ".");
  if (const auto found = mentions_.find(key); found != mentions_.end()) return found->second;
  bool taken = false, named = false;
  for (const Source& source : recording_.sources) {
    if (!source.text) continue;
    const std::string_view text = *source.text;
    for (auto at = find_word(text, question.name, 0); at != std::string_view::npos;
         at = find_word(text, question.name, at + 1)) {
      named = true;
      const std::string_view before = trimmed_end(text.substr(0, at));
      const bool address = before.ends_with("&mut") || (before.ends_with("&") && !before.ends_with("&&"));
      taken = taken || (question.variable && address);
    }
  }
  return mentions_[key] = {named, taken};
}

bool Rewrites::may_be_rewritten(const Question& question) {
  if (question.now <= question.since) return false;
  if (sources_ != recording_.sources.size()) {
    mentions_.clear();
    scanned_.clear();
    sources_ = recording_.sources.size();
  }
  if (question.name.empty()) return true;
  const Mentions mentions = mentions_of(question);
  if (!mentions.named || (mentions.address_taken && !question.only_by_name)) return true;
  const auto written_at = [&](std::string_view file, std::uint32_t line) {
    if (file.empty() || line == 0) return false;
    const auto* lines = lines_of(file);
    // A library's source is not kept; it does not name the user's variables.
    return lines && line <= lines->size() && writes((*lines)[line - 1], question);
  };
  if (question.made_by) {
    for (const StackLine& line : *question.made_by) {
      if (written_at(line.file, line.line)) return true;
    }
  }
  for (const CallSite& line : question.lines) {
    if (written_at(line.file, line.line)) return true;
  }
  const std::string key = question.name + (question.variable ? "@" : ".") + (question.plain ? "" : "!") +
                          std::to_string(question.since);
  Scanned& scanned = scanned_[key];
  if (scanned.until < question.since) scanned.until = question.since;
  if (question.now < scanned.until && scanned.written) {
    // Asked for an earlier step than before: look again from the start.
    for (StepIndex s = question.since; s < question.now; ++s) {
      if (written_at(recording_.steps[s].file, recording_.steps[s].line)) return true;
    }
    return false;
  }
  for (; !scanned.written && scanned.until < question.now; ++scanned.until) {
    const Step& step = recording_.steps[scanned.until];
    scanned.written = written_at(step.file, step.line);
  }
  return scanned.written;
}

}  // namespace situ
