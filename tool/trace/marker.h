// The mark: at a user function's entry its variables' slots, all below sp and so dead, are filled with a
// pattern; a slot that still holds it was never written (design: semantics, Variables and values).
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "inspect/module_map.h"
#include "model/frame.h"
#include "model/mark.h"
#include "process/tracee.h"
#include "symbols/function_info.h"
#include "unwind/unwinder.h"

namespace situ {

// A fixed pattern per build: its first four bytes, as an integer or a float, and all eight, as a pointer, are
// values no program is likely to mean (non-canonical address, huge magnitude).
MarkPattern mark_pattern(const std::string& build_id);

class Marker {
 public:
  Marker(Tracee& tracee, Unwinder& unwinder, MarkPattern pattern)
      : tracee_(tracee), unwinder_(unwinder), pattern_(pattern) {}

  // At the first instruction of `function`, cfa = rsp + 8. Returns what was replaced; empty for optimised
  // functions and for those whose slots cannot be told beforehand (realigned frames).
  std::vector<Mark> mark(const LoadedModule& module, const FunctionInfo& function, Address cfa,
                         const std::vector<Type>& types);
  // At the end of the prologue: marks again what the prologue's pushes left in slots (process/prologue.h).
  void mark_again(const LoadedModule& module, const FunctionInfo& function, Address cfa,
                  std::vector<Mark>& marks);
  // Puts back what stood under marks that nobody overwrote. At the return.
  void restore(const std::vector<Mark>& marks);

 private:
  // Ranges of slots as offsets from the CFA, [low, high), sorted, merged.
  using Slots = std::vector<std::pair<std::int64_t, std::int64_t>>;
  Slots find_slots(const LoadedModule& module, const FunctionInfo& function, const std::vector<Type>& types);

  Tracee& tracee_;
  Unwinder& unwinder_;
  MarkPattern pattern_;
  std::unordered_map<const FunctionInfo*, Slots> slots_, junk_;
};

}  // namespace situ
