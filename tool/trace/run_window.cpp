// --from, --until and --max-steps: what of a run is recorded, and what the recording says of it.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "trace/run.h"

namespace situ {
namespace {

std::string text_of(const StepPlace& place) {
  if (place.step) return std::to_string(*place.step);
  return place.function.empty() ? fmt::format("{}:{}", place.file, place.line) : place.function;
}

}  // namespace

void Run::check_window() const {
  const auto must_exist = [](const std::optional<StepPlace>& place, const std::vector<Address>& found,
                             const char* option) {
    if (!place || place->step || !found.empty()) return;
    throw Error(
        ErrorKind::usage, fmt::format("{} {}", option, text_of(*place)),
        "no code of the program has that place",
        "give a function's name, or FILE:LINE of a statement; situ shows only code with debug info (-g)");
  };
  must_exist(options_.from, from_, "--from");
  must_exist(options_.until, until_, "--until");
  if (!options_.from || !options_.until || !options_.from->step || !options_.until->step) return;
  if (*options_.until->step < *options_.from->step)
    throw Error(ErrorKind::usage,
                fmt::format("--from {} --until {}", *options_.from->step, *options_.until->step),
                "the last step lies before the first", "give --until a step that is not before --from's");
}

void Run::open_window() {
  window_ = Window::open;
  tracee_->plant(plan_.all());
}

// A place counts once a step is recorded; a number is that of the last step.
bool Run::window_ends_here(Address address) const {
  if (next_step() == 0 || !is_recorded(next_step() - 1)) return false;
  return std::ranges::find(until_, address) != until_.end() ||
         (options_.until && options_.until->step && next_step() > *options_.until->step);
}

void Run::close_window(std::string why) {
  window_ = Window::after;
  recording_.program.stopped_early = std::move(why);
  tracee_->lift_all();
  if (heap_.traps()) heap_.trap_off(*tracee_);
}

void Run::note_window() {
  Program& program = recording_.program;
  const auto steps = static_cast<StepIndex>(recording_.steps.size());
  if (!options_.from || steps == 0 || options_.steps == StepKinds::none) return;
  const std::string option = fmt::format("--from {}", text_of(*options_.from));
  if (!options_.from->step) {
    program.warnings.push_back(
        window_ == Window::before
            ? option + " was never reached: only the start and the exit are recorded"
            : option + ": the steps are numbered from there; without it the same steps have other numbers");
  } else if (program.recorded_from >= steps) {
    program.warnings.push_back(
        fmt::format("{} was never reached: the last step is {}, the exit", option, steps - 1));
    program.recorded_from = steps - 1;
  } else if (program.recorded_from > 0) {
    program.warnings.push_back(
        fmt::format("{}: the steps before it were counted, and no memory was read at them", option));
  }
}

}  // namespace situ
