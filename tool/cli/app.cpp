#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"

namespace situ {
namespace {

bool takes_value(const CLI::App& app, std::string_view option) {
  const CLI::Option* found = app.get_option_no_throw(std::string(option));
  return found && found->get_items_expected_max() > 0;
}

}  // namespace

int run_situ(const std::vector<std::string>& words) {
  CLI::App app{
      "situ shows where a program's values really live: its stack, its heap and the arrows between them,\n"
      "step by step, read from the running process.\n\n"
      "Examples:\n"
      "  situ run ./box                    trace a program and print its story\n"
      "  situ run --at main ./box          only the picture at a call of main\n"
      "  situ heap ./server --port 80      count its allocations at full speed\n",
      "situ"};
  app.set_version_flag("-V,--version", std::string("situ ") + situ_version);
  app.require_subcommand(1);
  std::map<std::string, std::unique_ptr<Command>> commands;
  std::map<std::string, CLI::App*> apps;
  const auto add = [&](const std::string& name, const std::string& does, std::unique_ptr<Command> command) {
    CLI::App* sub = app.add_subcommand(name, does);
    command->add_options(*sub);
    apps[name] = sub;
    commands[name] = std::move(command);
  };
  add("run", "Trace PROG [ARG...] and tell its story with pictures", make_run_command());
  add("heap", "Run PROG [ARG...] at full speed and count its allocations", make_heap_command());
  add("cost", "Measure what stack, heap, a cold read and a pointer cost on this machine",
      make_cost_command());

  const CommandLine line = split_command_line(words, [&](std::string_view command, std::string_view option) {
    const auto found = apps.find(std::string(command));
    return takes_value(found == apps.end() ? app : *found->second, option);
  });
  try {
    std::vector<std::string> reversed(line.own.rbegin(), line.own.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::usage, "cannot read the command line", error.what(),
                "situ --help lists what there is");
  }
  return commands.at(app.get_subcommands().front()->get_name())->run(line.program);
}

}  // namespace situ
