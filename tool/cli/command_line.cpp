#include "cli/command_line.h"

namespace situ {

CommandLine split_command_line(const std::vector<std::string>& words,
                               const std::function<bool(std::string_view, std::string_view)>& takes_value) {
  CommandLine line;
  std::string command;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto rest_is_program = [&](std::size_t from) {
      line.program.assign(words.begin() + static_cast<std::ptrdiff_t>(from), words.end());
    };
    if (word == "--") {
      rest_is_program(i + 1);
      break;
    }
    const bool option = word.size() > 1 && word.front() == '-';
    if (!option && !command.empty()) {
      rest_is_program(i);
      break;
    }
    line.own.push_back(word);
    if (!option) {
      command = word;
    } else if (word.find('=') == std::string::npos && takes_value(command, word) && i + 1 < words.size()) {
      line.own.push_back(words[++i]);
    }
  }
  return line;
}

}  // namespace situ
