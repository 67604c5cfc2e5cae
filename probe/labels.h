// operator new and delete end in malloc and free, whose records should say "new" and "delete". The operator
// leaves a label for its thread, and the malloc or free it causes picks it up. Found by the thread pointer,
// since the probe must not have thread-local storage.
#pragma once

#include <cstdint>

#include "wire.h"

namespace situ::probe {

struct Label {
  wire::Op op;
  std::uint64_t value;  // new: bytes asked for; delete: the block
  std::uint64_t slack;  // new: malloc may ask for up to this many bytes more (rounding up to an alignment)
  std::uint64_t alignment;  // aligned forms; 0: none
  std::uint64_t given;      // sized deletes: the size given
  std::uint64_t frame;      // where the operator's stack frame is: what it causes lies below
};

// For as long as it lives, a label of this thread. An operator called by another operator (new[] by new) for
// the same value leaves the outer one standing.
class LabelScope {
 public:
  explicit LabelScope(const Label& label);
  ~LabelScope();
  LabelScope(const LabelScope&) = delete;

 private:
  std::uint64_t* owner_;  // null: no label was set
};

// Takes this thread's label off, if it is one for `value` (bytes, or the block for releases) set by a frame
// above `frame`.
bool take_label(bool release, std::uint64_t value, std::uint64_t frame, Label& into);

}  // namespace situ::probe
