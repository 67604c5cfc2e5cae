#include "trace/window.h"

#include <charconv>

#include "base/error.h"

namespace situ {
namespace {

bool parse_number(std::string_view text, std::uint32_t& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

bool names_file(std::string_view given, std::string_view file) {
  return file == given ||
         (file.size() > given.size() && file.ends_with(given) && file[file.size() - given.size() - 1] == '/');
}

StepPlace parse_step_place(std::string_view text) {
  StepPlace place;
  StepIndex step = 0;
  if (parse_number(text, step)) {
    place.step = step;
    return place;
  }
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && text[colon - 1] != ':') {
    if (!parse_number(text.substr(colon + 1), place.line) || place.line == 0)
      throw Error(ErrorKind::usage, "cannot read the place \"" + std::string(text) + "\"",
                  "what follows the colon is not a line number",
                  "write FUNCTION, FILE:LINE or a step number");
    place.file = text.substr(0, colon);
    return place;
  }
  if (text.empty())
    throw Error(ErrorKind::usage, "cannot read an empty place", "it names nothing",
                "write FUNCTION, FILE:LINE or a step number");
  place.function = text;
  return place;
}

std::vector<Address> addresses_of(const StepPlace& place, const LoadedModule& module,
                                  const std::vector<const FunctionInfo*>& user_functions) {
  std::vector<Address> addresses;
  for (const FunctionInfo* function : user_functions) {
    if (!place.function.empty() && matches_glob(place.function, function->name))
      addresses.push_back(module.to_process(function->body));
    if (place.file.empty()) continue;
    if (place.line == function->line && names_file(place.file, function->file))
      addresses.push_back(module.to_process(function->body));
    for (const Statement& statement : function->statements)
      if (statement.line == place.line && names_file(place.file, statement.file))
        addresses.push_back(module.to_process(statement.address));
  }
  return addresses;
}

}  // namespace situ
