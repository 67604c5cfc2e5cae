// Where the tracer itself runs: on the core the tracee last ran on, which makes a stop six times cheaper. The
// tracee's own affinity is never touched.
#pragma once

#include <sched.h>
#include <sys/types.h>

#include <optional>

#include "base/unique_fd.h"

namespace situ {

class TracerCore {
 public:
  TracerCore() = default;
  TracerCore(const TracerCore&) = delete;
  TracerCore& operator=(const TracerCore&) = delete;
  ~TracerCore();

  // Moves the calling thread to the core `pid` last ran on, if it may run there.
  void follow(pid_t pid);
  // Gives the calling thread back the cores it had.
  void release();

 private:
  std::optional<cpu_set_t> allowed_;  // before the first move
  int current_ = -1;
  UniqueFd stat_;
  pid_t stat_of_ = 0;
};

}  // namespace situ
