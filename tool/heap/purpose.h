// What a block that a library asked for is for, decided by one table of functions (design: semantics,
// Blocks).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/block.h"

namespace situ {

// `stack`: names of the functions in the allocation's call stack, innermost first, up to the first user
// function (linkage or demangled names). Purpose::none: nothing in the table matched.
Purpose purpose_of(const std::vector<std::string>& stack);

}  // namespace situ
