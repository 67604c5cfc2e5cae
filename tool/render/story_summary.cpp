#include "render/story_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "render/canvas.h"
#include "render/text_names.h"
#include "render/text_words.h"

namespace situ {
namespace {

constexpr std::size_t shown_leaks = 8, shown_arguments = 12;

// Lines of text in one ink each, cut to the width.
class Sheet {
 public:
  explicit Sheet(const TextOptions& options)
      : canvas_(std::max<std::size_t>(options.width, 40), options.ascii ? Charset::ascii : Charset::utf8),
        colors_(options.color ? Colors::on : Colors::off) {}
  void line(const std::string& text, Ink ink = Ink::plain) {
    canvas_.text(canvas_.height(), 0, cut(text, canvas_.width(), canvas_.charset()), ink);
  }
  std::string print() const { return canvas_.print(colors_); }
  std::string_view dot() const { return canvas_.charset() == Charset::ascii ? " - " : " · "; }
  std::string_view dots() const { return canvas_.charset() == Charset::ascii ? ".." : "…"; }

 private:
  Canvas canvas_;
  Colors colors_;
};

std::string user_place(const Recording& recording, const Block& block) {
  for (const StackLine& line : block.stack) {
    if (!line.function || !recording.at(*line.function).user) continue;
    const std::string where = position(line.file, line.line);
    return short_function(recording.at(*line.function).name) + (where.empty() ? "" : " " + where);
  }
  return {};
}

std::uint64_t requested(const Block& block) {
  return block.sizes.empty() ? 0 : block.sizes.back().requested;
}

void tell_heap(const Recording& recording, Sheet& sheet) {
  if (!recording.program.heap_seen) {
    sheet.line("The heap was not seen: the probe could not be loaded into this program.", Ink::danger);
    return;
  }
  std::uint64_t blocks = 0, bytes = 0, freed = 0, kept_bytes = 0;
  std::map<std::string, std::vector<const Block*>> kept;  // by place
  for (const Block& block : recording.blocks) {
    if (!block.user) continue;
    ++blocks;
    bytes += requested(block);
    if (block.life.died) {
      ++freed;
      continue;
    }
    kept[user_place(recording, block)].push_back(&block);
    kept_bytes += requested(block);
  }
  if (blocks == 0) {
    sheet.line("Nothing was allocated on the heap.");
    return;
  }
  std::string line = fmt::format("{} allocated ({}), {} freed", count_text(blocks, "block"),
                                 bytes_text(bytes), count_text(freed));
  if (kept.empty()) {
    sheet.line(line + ", none left.");
    return;
  }
  sheet.line(
      fmt::format("{}, {} never freed ({}):", line, count_text(blocks - freed), bytes_text(kept_bytes)));
  std::size_t shown = 0;
  for (const auto& [place, list] : kept) {
    if (shown++ == shown_leaks) {
      sheet.line(
          fmt::format("    {} and {}", sheet.dots(), count_text(kept.size() - shown_leaks, "other place")));
      break;
    }
    std::uint64_t size = 0;
    for (const Block* block : list) size += requested(*block);
    std::string names = block_label(*list.front());
    if (list.size() > 1) names += fmt::format(" {} {}", sheet.dots(), block_label(*list.back()));
    sheet.line(fmt::format("    {:<12} {:>10}  allocated {}", names, bytes_text(size),
                           place.empty() ? "outside the source" : "in " + place),
               Ink::changed);
  }
}

}  // namespace

std::string story_header(const Recording& recording, const TextOptions& options) {
  Sheet sheet(options);
  const Program& program = recording.program;
  std::string line = program.path;
  for (std::size_t i = 1; i < program.arguments.size() && i <= shown_arguments; ++i) {
    line += " " + program.arguments[i];
  }
  if (program.arguments.size() > shown_arguments + 1) line += fmt::format(" {}", sheet.dots());
  sheet.line(line, Ink::strong);
  std::set<std::string> languages;
  for (const Function& function : recording.functions) {
    if (!function.user) continue;
    if (function.language == Language::rust) languages.insert("Rust");
    if (function.language == Language::cpp) languages.insert("C++");
    if (function.language == Language::c) languages.insert("C");
  }
  std::string facts(program.aslr ? "addresses randomised (ASLR on)" : "addresses not randomised (ASLR off)");
  for (const auto& language : languages) facts += std::string(sheet.dot()) + language;
  if (!program.build_id.empty())
    facts += std::string(sheet.dot()) + "build id " + program.build_id.substr(0, 12);
  sheet.line(facts, Ink::faint);
  sheet.line("");
  return sheet.print();
}

std::string story_summary(const Recording& recording, const TextOptions& options) {
  Sheet sheet(options);
  const Program& program = recording.program;
  std::set<FunctionId> functions;
  std::uint64_t calls = 0;
  for (const Step& step : recording.steps) {
    if (step.cause != Cause::call) continue;
    ++calls;
    if (step.function) functions.insert(*step.function);
  }
  sheet.line(fmt::format("{}{}{} of {}{}{}", count_text(recording.steps.size(), "step"), sheet.dot(),
                         count_text(calls, "call"), count_text(functions.size(), "function"), sheet.dot(),
                         exit_words(program.exit)),
             Ink::strong);
  tell_heap(recording, sheet);
  if (program.stopped_early) sheet.line("The recording stops early: " + *program.stopped_early, Ink::danger);
  if (program.lost_events > 0) {
    sheet.line(fmt::format("{} lost: what is said about the heap is incomplete.",
                           count_text(program.lost_events, "heap event")),
               Ink::danger);
  }
  for (const auto& warning : program.warnings) sheet.line("Note: " + warning);
  return sheet.print();
}

std::string fold_line(const Recording& recording, const StoryItem& fold, const TextOptions& options) {
  Sheet sheet(options);
  std::uint32_t low = 0, high = 0;
  bool one_file = true;
  const std::string* file = nullptr;
  const StepIndex first_end = fold.body.back().last;
  for (StepIndex i = fold.first; i <= first_end; ++i) {
    const Step& step = recording.steps[i];
    if (step.line == 0) continue;
    if (file == nullptr) {
      file = &step.file;
      low = high = step.line;
    }
    one_file = one_file && *file == step.file;
    low = std::min(low, step.line);
    high = std::max(high, step.line);
  }
  std::string lines;
  if (file != nullptr && one_file) {
    lines = low == high ? fmt::format(" of line {}", low) : fmt::format(" of lines {}-{}", low, high);
  }
  sheet.line(fmt::format("     {} {}{}, {}", sheet.dots(), count_text(fold.rounds - 1, "more round"), lines,
                         count_text(fold.last - first_end, "step")),
             Ink::faint);
  std::string text = sheet.print();
  text.pop_back();
  return text;
}

}  // namespace situ
