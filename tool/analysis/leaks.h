// The blocks a program lost: alive when it ended, and nothing led to them any more.
#pragma once

#include <string>
#include <vector>

#include "decode/reachable.h"

namespace situ {

struct Leak {
  BlockId block;
  std::uint64_t bytes = 0;  // requested
  bool direct = true;       // false: it was lost with a block that led to it
  // Where the user's code allocated it.
  std::optional<FunctionId> function;
  std::string file;
  std::uint32_t line = 0;
};

// Of the user's blocks, in order of their numbers.
std::vector<Leak> leaks(const Recording& recording);

}  // namespace situ
