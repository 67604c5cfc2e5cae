// Who may include whom (docs/how-it-works.md, "The rooms").
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace situ {

// One line for each #include under root/tool and root/probe that the table forbids: "file:line: why".
std::vector<std::string> include_violations(const std::filesystem::path& root);

// The symbols among `undefined` (what nm -u prints) that only the capturing half may use.
std::vector<std::string> capture_symbols(const std::string& undefined);

}  // namespace situ
