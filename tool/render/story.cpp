#include "render/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "render/color.h"
#include "render/story_fold.h"
#include "render/story_summary.h"
#include "render/text_names.h"

namespace situ {
namespace {

class Story {
 public:
  Story(const Recording& recording, const StorySource& source, const StoryOptions& options,
        const std::function<void(std::string_view)>& write)
      : recording_(recording), source_(source), options_(options), write_(write) {
    std::map<FrameId, StepIndex> last_lines;
    for (const Step& step : recording_.steps)
      if (step.cause == Cause::line && step.frame) last_lines[*step.frame] = step.index;
    for (const auto& [frame, step] : last_lines)
      if (recording_.at(frame).life.died) complete_.insert(step);
  }

  void tell() {
    write_(story_header(recording_, options_.text));
    if (options_.every) {
      for (StepIndex i = recording_.program.recorded_from; i < recording_.steps.size(); ++i) draw(i);
    } else {
      for (const StoryItem& item : fold_steps(recording_.steps, recording_.program.recorded_from)) tell(item);
    }
    write_("\n" + story_summary(recording_, options_.text));
  }

  void draw(StepIndex step) {
    write_((started_ ? "\n" : "") + picture(recording_, source_.moment(step), options_.text));
    started_ = true;
    after_picture_ = true;
  }

 private:
  void line(std::string_view text) {
    if (after_picture_) write_("\n");
    after_picture_ = false;
    started_ = true;
    write_(text);
    write_("\n");
  }

  void tell(const StoryItem& item) {
    if (item.body.empty()) {
      const Step& step = recording_.steps[item.first];
      if (picture_matters(recording_, step) || complete_.contains(step.index)) return draw(item.first);
      // A line with its source needs no sentence, and a sentence needs decoding.
      const bool sourced =
          step.cause == Cause::line && !source_line(recording_, step.file, step.line).empty();
      return line(step_line(recording_, item.first, sourced ? "" : source_.say(item.first), options_.text));
    }
    for (const StoryItem& part : item.body) tell(part);
    line(fold_line(recording_, item, options_.text));
  }

  const Recording& recording_;
  const StorySource& source_;
  const StoryOptions& options_;
  const std::function<void(std::string_view)>& write_;
  std::set<StepIndex> complete_;  // the last line of each frame that ended: all it held is there
  bool started_ = false, after_picture_ = false;
};

}  // namespace

bool picture_matters(const Recording& recording, const Step& step) {
  switch (step.cause) {
    case Cause::call:
      return true;
    case Cause::returned:
      return step.function && recording.at(*step.function).user;
    case Cause::alloc:
    case Cause::free:
      return step.block && recording.at(*step.block).user;
    case Cause::signal:
      return true;
    case Cause::start:
    case Cause::line:
    case Cause::thread_start:
    case Cause::thread_exit:
    case Cause::exec:
    case Cause::exit:
      break;
  }
  return false;
}

void tell_story(const Recording& recording, const StorySource& source, const StoryOptions& options,
                const std::function<void(std::string_view)>& write) {
  Story story(recording, source, options, write);
  if (options.only.empty()) return story.tell();
  for (const StepIndex step : options.only) {
    if (step < recording.steps.size()) story.draw(step);
  }
}

void tell_story(const Recording& recording, Decoder& decoder, const StoryOptions& options,
                const std::function<void(std::string_view)>& write) {
  const StorySource source{[&](StepIndex step) { return decoder.moment(step); },
                           [&](StepIndex step) { return decoder.say(step); }};
  tell_story(recording, source, options, write);
}

}  // namespace situ
