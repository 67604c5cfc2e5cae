// How a process ended, out of the status waitpid gave.
#pragma once

#include <optional>

namespace situ {

// One of the two is set.
struct ProcessEnd {
  std::optional<int> code;
  std::optional<int> signal;
};
ProcessEnd process_end(int wait_status);

}  // namespace situ
