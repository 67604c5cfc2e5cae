// Splits situ's own options from the traced command line: `situ run --every ./prog --its-own`. CLI11 sees
// only the front part; its prefix_command() takes a mistyped option for the program.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace situ {

struct CommandLine {
  std::vector<std::string> own;      // situ's words, the command's name first
  std::vector<std::string> program;  // PROG and its arguments, untouched
};

// `words`: after the program name. `--` ends situ's options; otherwise the first word that is neither an
// option, nor an option's value, nor the command's name begins the traced command line. `takes_value(command,
// option)` tells whether an option written without '=' has its value in the next word.
CommandLine split_command_line(const std::vector<std::string>& words,
                               const std::function<bool(std::string_view, std::string_view)>& takes_value);

}  // namespace situ
