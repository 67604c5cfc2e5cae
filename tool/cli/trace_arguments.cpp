#include "cli/trace_arguments.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>

#include "base/error.h"
#include "trace/window.h"

extern char** environ;

namespace situ {
namespace {

// The probe stands beside the program: in the build tree, or where it was installed. SITU_PROBE overrides.
std::string find_probe() {
  if (const char* given = std::getenv("SITU_PROBE")) return given;
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  static constexpr std::array<const char*, 3> places = {"../lib/libsitu-probe.so",
                                                        "../lib/situ/libsitu-probe.so",
                                                        "../lib/x86_64-linux-gnu/situ/libsitu-probe.so"};
  for (const char* place : places) {
    const std::filesystem::path path = (own / place).lexically_normal();
    if (std::filesystem::exists(path, error)) return path;
  }
  throw Error(ErrorKind::cannot_trace, "cannot follow the heap", "libsitu-probe.so is not beside situ",
              "install situ whole, or set SITU_PROBE to the library's path");
}

std::vector<std::string> environment_with(const std::vector<std::string>& added) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry; ++entry) environment.emplace_back(*entry);
  for (const std::string& variable : added) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ErrorKind::usage, "--env " + variable, "it is not NAME=VALUE", "write --env NAME=VALUE");
    std::erase_if(environment,
                  [&](const std::string& e) { return e.starts_with(variable.substr(0, equals + 1)); });
    environment.push_back(variable);
  }
  return environment;
}

}  // namespace

void add_program_options(CLI::App& app, TraceArguments& a) {
  app.add_option("--stdin", a.stdin_file, "Give the program FILE as its standard input")->type_name("FILE");
  app.add_option("--cwd", a.working_directory, "Run the program in DIR")->type_name("DIR");
  app.add_option("--env", a.environment, "Set a variable for the program")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("--aslr", a.aslr, "Leave address space randomisation on");
  app.add_option("--exit-code", a.exit_code, "What the exit status tells: situ's own, or the program's")
      ->check(CLI::IsMember({"situ", "program"}));
  app.add_flag("--stats", a.stats, "Say on standard error what tracing took");
}

void add_step_options(CLI::App& app, TraceArguments& a) {
  app.add_option("--steps", a.steps, "A step at each line, or only at calls and returns")
      ->check(CLI::IsMember({"lines", "calls"}));
  app.add_option("--functions", a.functions, "Only these functions are the user's (globs)")
      ->type_name("GLOB")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',');
  app.add_option("--exclude", a.exclude, "Functions or files that are not the user's (globs)")
      ->type_name("GLOB")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',');
  app.add_flag("--all", a.all, "All functions with debug info are the user's, library code too");
  app.add_option("--from", a.from, "Begin at FUNCTION, FILE:LINE or a step")->type_name("PLACE");
  app.add_option("--until", a.until, "End at FUNCTION, FILE:LINE or a step")->type_name("PLACE");
  app.add_option("--max-steps", a.max_steps, "End after N steps (200,000)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.add_flag("--running-threads", a.running_threads,
               "Do not stop the other threads to read them at a step");
  app.add_flag("--no-mark", a.no_mark, "Do not mark uninitialised variables (their state is then unknown)");
}

TraceOptions trace_options(const TraceArguments& a, const std::vector<std::string>& program) {
  if (program.empty())
    throw Error(ErrorKind::usage, "no program to trace", "the command line ends before one",
                "write situ run PROG [ARG...]");
  TraceOptions options;
  options.launch.executable = find_executable(program.front());
  options.launch.arguments = program;
  options.launch.environment = environment_with(a.environment);
  options.launch.stdin_file = a.stdin_file;
  options.launch.working_directory = a.working_directory;
  options.launch.aslr = a.aslr ? Aslr::on : Aslr::off;
  options.launch.probe = find_probe();
  options.steps = a.steps == "calls" ? StepKinds::calls : StepKinds::lines;
  options.user_code = {a.functions, a.exclude, a.all};
  if (!a.from.empty()) options.from = parse_step_place(a.from);
  if (!a.until.empty()) options.until = parse_step_place(a.until);
  options.max_steps = a.max_steps;
  options.running_threads = a.running_threads ? RunningThreads::leave : RunningThreads::stop;
  options.marking = a.no_mark ? Marking::off : Marking::on;
  return options;
}

int exit_status(const TraceArguments& a, const Recording& recording) {
  const std::optional<ExitStatus>& exit = recording.program.exit;
  if (!exit) return 0;
  if (a.exit_code == "program") return exit->code ? *exit->code : 128 + exit->signal.value_or(0);
  return exit->signal ? 4 : 0;
}

std::string stats_text(const TraceCounts& counts, const Recording& recording) {
  return fmt::format(
      "situ: {} stops, {} of them at breakpoints, {} steps\n"
      "situ: {} sites: {} executed out of line, {} emulated, {} single-stepped ({} single steps)\n"
      "situ: {} heap events, {} blocks, {} frames, {} memory lines, {} events lost\n",
      counts.stops, counts.breakpoints, recording.steps.size(), counts.sites, counts.out_of_line,
      counts.emulated, counts.sites_single_stepped, counts.single_steps, recording.events.size(),
      recording.blocks.size(), recording.frames.size(), recording.memory.line_count(),
      recording.program.lost_events);
}

}  // namespace situ
