// --from and --until: where the recorded part of a run begins and ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/module_map.h"
#include "symbols/function_info.h"
#include "trace/session.h"

namespace situ {

// "FUNCTION", "FILE:LINE" or a step number. Throws Error{usage} for anything else.
StepPlace parse_step_place(std::string_view text);

// Whether `given`, a path or its last part, names `file`: "box.rs" names "/src/box.rs" but not
// "/src/mailbox.rs".
bool names_file(std::string_view given, std::string_view file);

// The addresses a place means in a module: a function's end of prologue, a line's statements. Empty for step
// numbers.
std::vector<Address> addresses_of(const StepPlace& place, const LoadedModule& module,
                                  const std::vector<const FunctionInfo*>& user_functions);

}  // namespace situ
