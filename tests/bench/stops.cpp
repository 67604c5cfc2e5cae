// bench-stops PROBE PROGRAM ARG...: traces the program into memory, with every frame and local, as `situ run`
// does before it prints anything. Prints the number of steps, the number of calls among them, the seconds it
// took, and how many frames and variables there were at the deepest step. With SITU_SITES=FILE in the
// environment it writes the addresses of its call, line and return steps there.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <set>

#include "trace/session.h"

namespace {

using situ::Recording;

std::size_t alive_at(const auto& things, situ::StepIndex step) {
  return static_cast<std::size_t>(
      std::ranges::count_if(things, [&](const auto& thing) { return thing.life.alive_at(step); }));
}

void write_sites(const Recording& recording, const char* path) {
  std::set<std::uint64_t> sites;
  for (const situ::Step& step : recording.steps)
    if (step.cause == situ::Cause::call || step.cause == situ::Cause::line ||
        step.cause == situ::Cause::returned)
      sites.insert(step.pc.value);
  std::ofstream file(path);
  for (const std::uint64_t site : sites) file << std::hex << "0x" << site << '\n';
}

int measure(int argc, char** argv) {
  situ::TraceOptions options;
  options.launch.probe = argv[1];
  options.launch.executable = situ::find_executable(argv[2]);
  options.launch.arguments = {argv + 2, argv + argc};
  options.launch.environment = {"PATH=/usr/bin:/bin"};
  options.max_steps = 100'000'000;
  const auto start = std::chrono::steady_clock::now();
  const situ::TraceResult result = situ::trace(options, nullptr);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const Recording& recording = result.recording;
  std::size_t calls = 0;
  situ::StepIndex deepest = 0;
  for (const situ::Step& step : recording.steps) {
    calls += step.cause == situ::Cause::call ? 1 : 0;
    if (step.sp && (!recording.steps[deepest].sp || step.sp < recording.steps[deepest].sp) && step.function &&
        recording.at(*step.function).user)
      deepest = step.index;
  }
  std::printf("%zu %zu %.6f %zu %zu\n", recording.steps.size(), calls, taken.count(),
              alive_at(recording.frames, deepest), alive_at(recording.variables, deepest));
  if (const char* sites = std::getenv("SITU_SITES")) write_sites(recording, sites);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench-stops PROBE PROGRAM ARG...\n");
    return 2;
  }
  try {
    return measure(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
