// What the kernel puts on the main stack at execve: argc, argv, envp and the auxiliary vector (psABI x86-64,
// 3.4.1), read where they stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/memory_reader.h"

namespace situ {

struct InitialStack {
  struct Variable {
    Address slot;     // where the pointer stands
    Address pointer;  // where the string stands
    std::string text;
  };
  std::vector<Variable> environment;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> auxiliary;  // type, value

  std::optional<std::uint64_t> auxv(std::uint64_t type) const;
};

// `sp`: the stack pointer at the first instruction. What cannot be read is left out.
InitialStack read_initial_stack(const MemoryReader& memory, Address sp);

}  // namespace situ
