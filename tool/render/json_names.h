// The words of the JSON for the closed choices of the model (docs/json.md).
#pragma once

#include <string>
#include <string_view>

#include "decode/moment.h"

namespace situ {

std::string_view json_name(TypeKind kind);
std::string_view json_name(Language language);
std::string_view json_name(SymbolKind kind);
std::string_view json_name(FoundBy found_by);
std::string_view json_name(EndedBy ended_by);
std::string_view json_name(PlaceKind kind);
std::string_view json_name(VariableKind kind);
std::string_view json_name(Why why);            // "" for Why::none
std::string_view json_name(Encoding encoding);  // "" for Encoding::none

// "SIGSEGV"; "SIGRTMIN+3"; "signal 99" for a number without a name.
std::string signal_name(int number);

}  // namespace situ
