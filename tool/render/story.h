// What `situ run` prints: one line a step, repeats folded, and the picture at the moments that matter.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "decode/moment.h"
#include "render/text.h"

namespace situ {

struct StoryOptions {
  TextOptions text;
  bool every = false;           // a picture at every step, nothing folded
  std::vector<StepIndex> only;  // --at: pictures of these steps and nothing else
};

// Writes piece by piece (long runs are not held in memory).
void tell_story(const Recording& recording, Decoder& decoder, const StoryOptions& options,
                const std::function<void(std::string_view)>& write);

// Where a story gets its moments and sentences from; asked only for the steps that are drawn.
struct StorySource {
  std::function<Moment(StepIndex)> moment;
  std::function<std::string(StepIndex)> say;
};
void tell_story(const Recording& recording, const StorySource& source, const StoryOptions& options,
                const std::function<void(std::string_view)>& write);

// Whether the story draws this step for what it is: calls, returns of user functions, the user's allocations
// and releases, signals. It also draws the last line of each frame that ended.
bool picture_matters(const Recording& recording, const Step& step);

}  // namespace situ
