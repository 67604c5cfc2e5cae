// What a block that a library asked for is for, decided by one table of functions (design: semantics,
// Blocks).
#pragma once

#include <string>
#include <vector>

#include "model/block.h"

namespace situ {

// `stack`: names of the functions in the allocation's call stack, innermost first, up to (without) the first
// user function, or to the end if there is none. C names, and demangled C++ and Rust names with or without
// arguments in
// <> and (). A function without a name is its module's file name in brackets: "[libstdc++.so.6]".
// Purpose::none: the block is for whoever called the library, as a vector's elements are.
Purpose purpose_of(const std::vector<std::string>& stack);

}  // namespace situ
