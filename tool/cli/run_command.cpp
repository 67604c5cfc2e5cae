// `situ run`: trace into memory, leave the terminal to the program, then print its story.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/trace_arguments.h"
#include "render/json.h"
#include "render/story.h"
#include "trace/window.h"

namespace situ {
namespace {

// One line a step on standard error, as it happens.
class LivePicture : public StepSink {
 public:
  explicit LivePicture(TextOptions options) : options_(options) {}
  void on_step(const Recording& recording, StepIndex step) override {
    if (!decoder_) decoder_ = std::make_unique<Decoder>(recording);
    const std::string line = step_line(recording, step, decoder_->say(step), options_) + "\n";
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  TextOptions options_;
  std::unique_ptr<Decoder> decoder_;
};

// The steps a place means: that step, the calls of the function, the line's steps.
std::vector<StepIndex> steps_at(const Recording& recording, const std::string& text) {
  const StepPlace place = parse_step_place(text);
  std::vector<StepIndex> steps;
  for (const Step& step : recording.steps) {
    const bool wanted = place.step ? step.index == *place.step
                        : !place.function.empty()
                            ? step.cause == Cause::call && step.function &&
                                  matches_glob(place.function, recording.at(*step.function).name)
                            : step.line == place.line && names_file(place.file, step.file);
    if (wanted && step.index >= recording.program.recorded_from) steps.push_back(step.index);
  }
  if (steps.empty())
    throw Error(ErrorKind::usage, "--at " + text,
                fmt::format("none of the recorded steps, {} to {}, is there", recording.program.recorded_from,
                            recording.steps.size() - 1),
                "give a step number, a function that was called, or FILE:LINE of a line that ran");
  return steps;
}

class RunCommand : public Command {
 public:
  void add_options(CLI::App& app) override {
    add_program_options(app, trace_);
    add_step_options(app, trace_);
    add_text_options(app, text_);
    app.add_flag("--every", every_, "A picture at every step");
    app.add_option("--at", at_, "Only the pictures at STEP, FUNCTION or FILE:LINE")
        ->type_name("PLACE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_flag("--live", live_, "One line a step on standard error as it happens");
    app.add_flag("--json", json_, "Write the recording as JSON (needs -o)");
    app.add_option("-o", output_, "Write to FILE (-: standard output)")->type_name("FILE");
    app.footer(
        "Examples:\n  situ run ./box\n  situ run --at main ./box\n  situ run --until parse -- ./calc --fast "
        "1+2\n"
        "  situ run --json -o box.json ./box");
  }

  int run(const std::vector<std::string>& program) override {
    if (json_ && output_.empty())
      throw Error(ErrorKind::usage, "--json", "it is not said where the JSON goes",
                  "add -o FILE, or -o - for standard output");
    if (!at_.empty()) static_cast<void>(parse_step_place(at_.front()));
    const TraceOptions options = trace_options(trace_, program);
    LivePicture live(text_options(text_, STDERR_FILENO));
    const TraceResult result = trace(options, live_ ? &live : nullptr);
    const Recording& recording = result.recording;

    Decoder decoder(recording, decode_options(text_));
    Output out(output_);
    const auto write = [&](std::string_view text) { out.write(text); };
    if (json_) {
      write_json(recording, decoder, situ_version, write);
    } else {
      StoryOptions story;
      story.text = text_options(text_, output_.empty() || output_ == "-" ? STDOUT_FILENO : -1);
      story.every = every_;
      for (const std::string& place : at_)
        for (const StepIndex step : steps_at(recording, place)) story.only.push_back(step);
      std::ranges::sort(story.only);
      tell_story(recording, decoder, story, write);
    }
    out.finish();
    for (const std::string& warning : recording.program.warnings)
      fmt::print(stderr, "situ: note: {}\n", warning);
    if (trace_.stats) fmt::print(stderr, "{}", stats_text(result.counts, recording));
    return exit_status(trace_, recording);
  }

 private:
  TraceArguments trace_;
  TextArguments text_;
  bool every_ = false, live_ = false, json_ = false;
  std::vector<std::string> at_;
  std::string output_;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace situ
