// `situ cost`: what stack and heap cost on this machine.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/cost.h"
#include "cli/output.h"
#include "render/json_writer.h"

namespace situ {
namespace {

std::string cost_text(const CostReport& report) {
  std::string out =
      fmt::format("{}, {:.2f} cycles a nanosecond\n\n",
                  report.processor.empty() ? "this processor" : report.processor, report.cycles_per_ns);
  out += fmt::format("{:<44}{:>9}{:>9}{:>9}{:>11}\n", "cycles of one operation", "best", "median", "9 in 10",
                     "best");
  for (const Cost& cost : report.costs)
    out += fmt::format("  {:<42}{:>9.1f}{:>9.1f}{:>9.1f}{:>8.1f} ns\n", cost.what, cost.cycles.best,
                       cost.cycles.median, cost.cycles.most, cost.cycles.best / report.cycles_per_ns);
  out += fmt::format(
      "\nMeasured on a thread of its own that stays on one core, after a warm-up: {} samples of {} "
      "operations each,\n"
      "between two readings of the time stamp counter, whose own cost is taken off. Operations that do not "
      "wait for\n"
      "each other overlap, as they do in any program. \"In no cache\" is one read a sample, of a line that "
      "clflush has\n"
      "just thrown out. \"Anywhere in memory\" is a ring of pointers in random order\n"
      "through {} MiB{}.\n",
      cost_samples, cost_batch, report.far_bytes >> 20,
      report.last_cache ? fmt::format("; the last level of cache holds {} MiB", report.last_cache >> 20)
                        : "");
  if (!report.steady_counter)
    out +=
        "This counter does not run at a constant rate: the cycles are the processor's, the nanoseconds "
        "rough.\n";
  return out;
}

void write_spread(JsonWriter& json, const Spread& spread, double divisor) {
  json.begin_object();
  json.field("best", spread.best / divisor);
  json.field("median", spread.median / divisor);
  json.field("nine_in_ten", spread.most / divisor);
  json.end_object();
}

std::string cost_json(const CostReport& report) {
  JsonWriter json;
  json.begin_object();
  json.field("format", "situ-cost");
  json.field("format_version", 1);
  json.field("situ_version", situ_version);
  json.text_or_null("processor", report.processor);
  json.field("cycles_per_ns", report.cycles_per_ns);
  json.field("steady_counter", report.steady_counter);
  json.key("last_cache");
  report.last_cache ? json.value(report.last_cache) : json.null();
  json.field("far_bytes", report.far_bytes);
  json.field("samples", cost_samples);
  json.key("costs");
  json.begin_array();
  for (const Cost& cost : report.costs) {
    json.line();
    json.begin_object();
    json.field("name", cost.name);
    json.field("what", cost.what);
    json.key("cycles");
    write_spread(json, cost.cycles, 1);
    json.key("ns");
    write_spread(json, cost.cycles, report.cycles_per_ns);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.text() + "\n";
}

class CostCommand : public Command {
 public:
  void add_options(CLI::App& app) override {
    app.add_flag("--json", json_, "Write JSON (needs -o)");
    app.add_option("-o", output_, "Write to FILE (-: standard output)")->type_name("FILE");
    app.footer("Examples:\n  situ cost\n  situ cost --json -o cost.json");
  }

  int run(const std::vector<std::string>& program) override {
    if (!program.empty())
      throw Error(ErrorKind::usage, "cannot measure " + program.front(), "situ cost traces no program",
                  "situ heap PROG counts a program's allocations");
    if (json_ && output_.empty())
      throw Error(ErrorKind::usage, "--json", "it is not said where the JSON goes",
                  "add -o FILE, or -o - for standard output");
    Output out(output_);
    const CostReport report = measure_costs();
    out.write(json_ ? cost_json(report) : cost_text(report));
    out.finish();
    return 0;
  }

 private:
  bool json_ = false;
  std::string output_;
};

}  // namespace

std::unique_ptr<Command> make_cost_command() {
  return std::make_unique<CostCommand>();
}

}  // namespace situ
