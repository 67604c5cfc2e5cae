#include "render/text_words.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>

#include <algorithm>
#include <array>

#include "render/text_names.h"

namespace situ {
namespace {

std::string signal_words(int number) {
  const char* name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace

std::string cause_words(Cause cause, CauseCase which) {
  std::string words(cause_name(cause));
  std::replace(words.begin(), words.end(), '_', ' ');
  if (which == CauseCase::capitals) {
    std::transform(words.begin(), words.end(), words.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  } else if (cause == Cause::thread_start) {
    words = "thread";
  } else if (cause == Cause::thread_exit) {
    words = "ended";
  }
  return words;
}

std::string cause_sign(Cause cause, Charset charset) {
  static constexpr std::array<std::string_view, 11> utf8 = {"»", "▼", "·", "▲", "+", "~",
                                                            "!", "»", "«", "»", "■"};
  static constexpr std::array<std::string_view, 11> ascii = {">", "v", ".", "^", "+", "~",
                                                             "!", ">", "<", ">", "#"};
  return std::string((charset == Charset::ascii ? ascii : utf8)[static_cast<std::size_t>(cause)]);
}

std::string exit_words(const std::optional<ExitStatus>& exit) {
  if (!exit) return "not known";
  if (exit->signal) return fmt::format("killed by {}", signal_words(*exit->signal));
  return fmt::format("exit status {}", exit->code.value_or(0));
}

std::string step_subject(const Recording& recording, const Step& step) {
  switch (step.cause) {
    case Cause::alloc:
    case Cause::free:
      return step.block ? block_label(recording.at(*step.block)) : "";
    case Cause::signal:
      return step.signal ? signal_words(step.signal->number) : "";
    case Cause::exit:
      return step.exit ? exit_words(step.exit) : "";
    case Cause::thread_start:
    case Cause::thread_exit:
    case Cause::start:
    case Cause::exec:
      return {};
    case Cause::call:
    case Cause::line:
    case Cause::returned:
      break;
  }
  return step.function ? short_function(recording.at(*step.function).name) : "";
}

std::size_t position_width(const Recording& recording) {
  constexpr std::size_t narrowest = 8, widest = 24, colon_and_line = 4;
  std::size_t width = narrowest;
  for (const Source& source : recording.sources) {
    width = std::max(width, display_width(file_name(source.file)) + colon_and_line);
  }
  return std::min(width, widest);
}

std::size_t user_depth(const Recording& recording, const Step& step) {
  constexpr std::size_t deepest = 32;
  std::size_t depth = 0;
  for (auto frame = step.frame; frame && depth < deepest; frame = recording.at(*frame).caller) {
    if (frame != step.frame && recording.at(*frame).user) ++depth;
    if (recording.at(*frame).depth == 0) break;
  }
  return depth;
}

}  // namespace situ
