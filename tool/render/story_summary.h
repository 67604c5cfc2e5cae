// The story's first and last lines, and the line that stands for folded rounds.
#pragma once

#include <string>

#include "model/recording.h"
#include "render/story_fold.h"
#include "render/text.h"

namespace situ {

// Program, arguments, whether addresses were randomised. Ends with an empty line.
std::string story_header(const Recording& recording, const TextOptions& options);

// Steps, functions, blocks, what was never freed and where it was allocated, how the program ended, and what
// is missing from the recording.
std::string story_summary(const Recording& recording, const TextOptions& options);

// "… 7 more rounds of lines 4-6, 21 steps"; no newline.
std::string fold_line(const Recording& recording, const StoryItem& fold, const TextOptions& options);

}  // namespace situ
