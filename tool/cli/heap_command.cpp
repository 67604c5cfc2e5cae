// `situ heap`: at full speed, no steps: how often and how much was allocated.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "analysis/heap_totals.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/trace_arguments.h"
#include "render/json.h"

namespace situ {
namespace {

class HeapCommand : public Command {
 public:
  void add_options(CLI::App& app) override {
    add_program_options(app, trace_);
    app.add_flag("--json", json_, "Write JSON (needs -o)");
    app.add_option("-o", output_, "Write to FILE (-: standard output)")->type_name("FILE");
    app.footer("Examples:\n  situ heap ./growth\n  situ heap --json -o heap.json sort words.txt");
  }

  int run(const std::vector<std::string>& program) override {
    if (json_ && output_.empty())
      throw Error(ErrorKind::usage, "--json", "it is not said where the JSON goes",
                  "add -o FILE, or -o - for standard output");
    TraceOptions options = trace_options(trace_, program);
    options.steps = StepKinds::none;
    options.heap = HeapDetail::live;
    if (!options.launch.executable.has_interpreter)
      throw Error(ErrorKind::cannot_trace, "cannot follow the heap of " + program.front(),
                  "it is statically linked, so no probe can be loaded",
                  "link it dynamically, or use situ run for its stack");
    const TraceResult result = trace(options, nullptr);
    Output out(output_);
    if (json_) {
      write_heap_json(result.recording, situ_version, [&](std::string_view text) { out.write(text); });
    } else {
      const HeapTotals t = heap_totals(result.recording);
      out.write(fmt::format(
          "allocations   {:>12}\nreleases      {:>12}\nbytes         {:>12}\npeak bytes    {:>12}\n"
          "live at exit  {:>12} bytes in {} block{}\n",
          t.allocations, t.releases, t.bytes, t.peak_bytes, t.live_bytes, t.live_blocks,
          t.live_blocks == 1 ? "" : "s"));
    }
    out.finish();
    for (const std::string& warning : result.recording.program.warnings)
      fmt::print(stderr, "situ: note: {}\n", warning);
    if (trace_.stats) fmt::print(stderr, "{}", stats_text(result.counts, result.recording));
    return exit_status(trace_, result.recording);
  }

 private:
  TraceArguments trace_;
  bool json_ = false;
  std::string output_;
};

}  // namespace

std::unique_ptr<Command> make_heap_command() {
  return std::make_unique<HeapCommand>();
}

}  // namespace situ
