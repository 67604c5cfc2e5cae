// Checks JSON against the schemas in docs/. valijson is slow to compile, so it is used in one file.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace situ {

// What is wrong with `document` according to docs/`schema_file`; empty: nothing.
std::vector<std::string> schema_errors(const nlohmann::json& document, const std::string& schema_file);

}  // namespace situ
