// The tracer's end of the shared memory the probe writes its records to (probe/wire.h,
// docs/probe-wire-format.md). The bytes belong to the traced program, which may smash them: every index is
// checked after it was copied.
#pragma once

#include <cstdint>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"
#include "model/block.h"

namespace situ {

// One record of the probe, copied and checked.
struct ProbeRecord {
  std::uint64_t seq = 0;  // global order of the begin
  int tid = 0;
  HeapOp op = HeapOp::malloc;
  bool begun = false, ended = false;  // ended: the allocator returned (result is valid)
  std::uint64_t requested = 0;
  std::uint64_t alignment = 0;
  Address argument;          // the block given to free or realloc; 0: none
  Address result;            // what the allocator returned; 0: it failed, or it released
  std::uint64_t usable = 0;  // malloc_usable_size of the result; 0: unknown
  std::uint64_t header = 0;  // the 8 bytes before the result (or before the argument, for releases): glibc's
                             // chunk size and flags
};

class Ring {
 public:
  Ring();  // makes the memfd and maps it; throws Error{cannot_trace}
  ~Ring();
  Ring(const Ring&) = delete;

  int fd() const { return fd_.get(); }
  std::uint64_t size() const;
  static Address address();        // where it is mapped in the tracee
  static Address flags_address();  // the private page with the probe's flags
  static std::uint64_t flags_size();

  // Appends the records that came since the last call, in order of seq. A record whose begin was seen but
  // whose end was not (another thread is inside the allocator) is delivered when it ended, or, with
  // Pending::deliver, now as begun only; what comes after it in seq is not held back, so callers order by seq
  // per address. A release is delivered as soon as it began.
  enum class Pending { hold, deliver };
  void drain(std::vector<ProbeRecord>& into, Pending pending = Pending::hold);
  std::uint64_t lost() const;  // records the probe had to drop or that were damaged

 private:
  UniqueFd fd_;
  struct State;
  State* state_;
};

}  // namespace situ
