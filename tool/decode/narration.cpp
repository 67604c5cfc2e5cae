// The sentence for a step, with the real numbers.
#include <fmt/format.h>

#include <cstring>

#include "decode/decoder.h"
#include "decode/escape.h"
#include "decode/narrator.h"
#include "decode/reachable.h"

namespace situ {
namespace {

constexpr std::size_t longest_value = 60;

std::string signal_text(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kib = 1024, mib = kib * kib;
  if (bytes >= mib && bytes % mib == 0) return fmt::format("{} MiB", bytes / mib);
  if (bytes >= kib && bytes % kib == 0) return fmt::format("{} KiB", bytes / kib);
  return counted(bytes, "byte");
}

}  // namespace

std::string counted(std::uint64_t number, std::string_view one) {
  return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

std::string hex_text(Address address) {
  return fmt::format("0x{:x}", address.value);
}

std::string short_text(std::string text) {
  if (text.size() <= longest_value) return text;
  std::size_t end = longest_value;
  while (end > 0 && (text[end] & 0xc0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

std::string list_text(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  return text;
}

std::string Narrator::function() const {
  return step_.function ? plain_function_name(recording_.at(*step_.function).name) : "a function";
}

std::string Narrator::start() const {
  const std::string& path = recording_.program.path;
  const auto slash = path.rfind('/');
  const std::string name = printable(slash == std::string::npos ? path : path.substr(slash + 1));
  return fmt::format("{} starts at {}: none of its own code has run yet", name.empty() ? "the program" : name,
                     hex_text(step_.pc));
}

std::string Narrator::signalled() const {
  if (!step_.signal) return "a signal arrives";
  std::string text = signal_text(step_.signal->number) + " arrives";
  if (step_.function) text += " in " + function();
  if (step_.signal->address) text += "; the address is " + hex_text(*step_.signal->address);
  return text;
}

std::string Narrator::thread(std::string_view verb) const {
  if (step_.thread.value >= recording_.threads.size()) return fmt::format("a thread {}", verb);
  const Thread& thread = recording_.at(step_.thread);
  const std::string name = thread.name.empty() ? "" : " \"" + printable(thread.name) + "\"";
  std::string text = fmt::format("thread {}{} {}", thread.tid, name, verb);
  if (step_.cause != Cause::thread_start || thread.stacks.empty()) return text;
  const Region& stack = recording_.at(thread.stacks.front());
  return text + fmt::format(", with a stack of its own: {} at {}", size_text(stack.range.size()),
                            hex_text(stack.range.low));
}

std::string Narrator::exit() const {
  std::string text = "the program ends";
  if (step_.exit && step_.exit->signal) {
    text = "the program is ended by " + signal_text(*step_.exit->signal);
  } else if (step_.exit && step_.exit->code) {
    text = fmt::format("the program exits with status {}", *step_.exit->code);
  }
  std::uint64_t blocks = 0, bytes = 0;
  for (const auto& [address, id] : in_.timeline.live_blocks()) {
    const Block& block = recording_.at(id);
    if (!block.user) continue;
    ++blocks;
    if (const BlockSize* size = size_at(block, index_)) bytes += size->requested;
  }
  if (blocks == 0) return text;
  text = fmt::format("{}; {} ({}) {} never freed", text, counted(blocks, "block"), counted(bytes, "byte"),
                     blocks == 1 ? "was" : "were");
  std::vector<std::string> lost;
  for (const Unreachable& one : unreachable_blocks(recording_)) {
    if (recording_.at(one.block).user) lost.push_back(block_label(recording_.at(one.block)));
  }
  if (lost.empty()) return text;
  return fmt::format("{}, and nothing leads to {} any more: {}", text, short_text(list_text(lost)),
                     lost.size() == 1 ? "a leak" : "leaks");
}

std::string Decoder::Impl::say(StepIndex index) {
  prepare(index);
  const NarratorInput input{recording_,
                            rewrites_,
                            timeline_,
                            variables_,
                            types_,
                            ownership_,
                            [this](VariableId id) { return copied_from(id); },
                            [this](VariableId id, VariableState by_bytes, StepIndex step) {
                              return fate_of(id, by_bytes, step).state;
                            },
                            [this](BlockId id) { return releases_.of(id); }};
  const Narrator narrator(input, index);
  const std::string before = narrator.left_behind(), after = narrator.freed_again();
  switch (recording_.steps[index].cause) {
    case Cause::start:
      return narrator.start() + after;
    case Cause::call:
      return before + narrator.call() + after;
    case Cause::line:
      return before + narrator.line() + after;
    case Cause::returned:
      return before + narrator.returned(return_value(index)) + after;
    case Cause::alloc:
      return before + narrator.allocated() + after;
    case Cause::free:
      return before + narrator.freed() + after;
    case Cause::signal:
      return narrator.signalled() + after;
    case Cause::thread_start:
      return narrator.thread("starts") + after;
    case Cause::thread_exit:
      return narrator.thread("ends") + after;
    case Cause::exec:
      return "the program replaces itself with another (exec)";
    case Cause::exit:
      return narrator.exit() + after;
  }
  return {};
}

}  // namespace situ
