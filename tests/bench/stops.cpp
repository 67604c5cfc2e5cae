// bench-stops PROBE PROGRAM LINES CALLS: traces the workload into memory, with every frame and local, as
// `situ run` does before it prints anything. Prints the number of steps, the number of calls among them, and
// the seconds it took.
#include <chrono>
#include <cstdio>
#include <exception>

#include "trace/session.h"

namespace {

int measure(char** argv) {
  situ::TraceOptions options;
  options.launch.probe = argv[1];
  options.launch.executable = situ::find_executable(argv[2]);
  options.launch.arguments = {argv[2], argv[3], argv[4]};
  options.launch.environment = {"PATH=/usr/bin:/bin"};
  options.max_steps = 100'000'000;
  const auto start = std::chrono::steady_clock::now();
  const situ::TraceResult result = situ::trace(options, nullptr);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::size_t calls = 0;
  for (const situ::Step& step : result.recording.steps) calls += step.cause == situ::Cause::call ? 1 : 0;
  std::printf("%zu %zu %.6f\n", result.recording.steps.size(), calls, taken.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench-stops PROBE PROGRAM LINES CALLS\n");
    return 2;
  }
  try {
    return measure(argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
