// The options every command that traces a program has, and what they mean for trace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trace/session.h"

namespace CLI {
class App;
}

namespace situ {

struct TraceArguments {
  std::optional<std::string> stdin_file, working_directory;
  std::vector<std::string> environment;  // NAME=VALUE, added to ours
  bool aslr = false;
  std::string steps = "lines";
  std::vector<std::string> functions, exclude;
  bool all = false;
  std::string from, until;
  StepIndex max_steps = 200'000;
  bool running_threads = false, no_mark = false;
  std::string exit_code = "situ";
  bool stats = false;
};

void add_program_options(CLI::App& app, TraceArguments& arguments);
void add_step_options(CLI::App& app, TraceArguments& arguments);

// `program`: PROG and its arguments. Throws Error for a program that cannot be traced.
TraceOptions trace_options(const TraceArguments& arguments, const std::vector<std::string>& program);

// situ's exit status for a finished run (docs/index.md): 0, 4 when the program died of a signal, or, with
// --exit-code=program, the program's own (128 + n for signal n).
int exit_status(const TraceArguments& arguments, const Recording& recording);

// What --stats prints.
std::string stats_text(const TraceCounts& counts, const Recording& recording);

}  // namespace situ
