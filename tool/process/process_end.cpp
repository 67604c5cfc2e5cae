#include "process/process_end.h"

#include <sys/wait.h>

namespace situ {

ProcessEnd process_end(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {{}, WTERMSIG(wait_status)};
  return {WEXITSTATUS(wait_status), {}};
}

}  // namespace situ
