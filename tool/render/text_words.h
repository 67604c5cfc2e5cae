// Words for steps, shared by the picture's head and the story's lines.
#pragma once

#include <cstddef>
#include <string>

#include "model/recording.h"
#include "render/width.h"

namespace situ {

enum class CauseCase { small, capitals };
std::string cause_words(Cause cause, CauseCase which);

// One column: ▼ a call, ▲ a return, + an allocation, ~ a release ...
std::string cause_sign(Cause cause, Charset charset);

// What a step is about: "bar", "#2", "SIGSEGV", "exit 0".
std::string step_subject(const Recording& recording, const Step& step);

// "exit status 0", "killed by signal 11 (SIGSEGV)", "not known".
std::string exit_words(const std::optional<ExitStatus>& exit);

// Columns that "file:line" takes in this recording's lists, at most 24.
std::size_t position_width(const Recording& recording);

// User frames below the step's own frame, at most 32.
std::size_t user_depth(const Recording& recording, const Step& step);

}  // namespace situ
