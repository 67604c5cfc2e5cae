// The commands, one file each. A command adds its options to its CLI11 app and runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace situ {

class Command {
 public:
  virtual ~Command() = default;
  virtual void add_options(CLI::App& app) = 0;
  // `program`: the traced command line. Returns the exit status; throws Error.
  virtual int run(const std::vector<std::string>& program) = 0;
};

std::unique_ptr<Command> make_run_command();
std::unique_ptr<Command> make_heap_command();
std::unique_ptr<Command> make_cost_command();

inline constexpr const char* situ_version = SITU_VERSION;

// The whole program: `words` are argv without argv[0]. Returns the exit status; throws Error.
int run_situ(const std::vector<std::string>& words);

}  // namespace situ
