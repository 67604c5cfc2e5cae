// Finds out why each block was released.
#pragma once

#include <unordered_map>

#include "decode/free_reason.h"
#include "decode/ownership.h"

namespace situ {

class Releases {
 public:
  Releases(const Recording& recording, const Timeline& timeline, const VariableReader& variables,
           const Ownership& ownership, Rewrites& rewrites)
      : recording_(recording),
        timeline_(timeline),
        variables_(variables),
        ownership_(ownership),
        rewrites_(rewrites) {}

  // Null for a block that is alive at the end of what the ownership has taken in.
  const FreeReason* of(BlockId block);

 private:
  struct Root {  // the variable that owned a block, perhaps through others
    VariableId variable;
    std::string path;
    bool through_blocks = false;
    StepIndex born = 0;
  };

  FreeReason explain(BlockId block) const;
  void find_roots(BlockId block, bool through, int depth, std::vector<Root>& roots) const;
  std::optional<Root> choose(const std::vector<Root>& roots, const FreeReason& reason) const;
  std::optional<VariableId> weak_pointer(BlockId block, const FreeReason& reason) const;
  std::optional<VariableId> raw_pointer(BlockId block, const FreeReason& reason) const;
  std::optional<FrameId> frame_at(StepIndex step, const StackLine& line) const;
  bool unwinding(const FreeReason& reason, StepIndex step) const;
  bool is_assigned(const FreeReason& reason, const Root& root, StepIndex step) const;
  std::string text_of(const FreeReason& reason, BlockId block, std::string_view entry) const;

  const Recording& recording_;
  const Timeline& timeline_;
  const VariableReader& variables_;
  const Ownership& ownership_;
  Rewrites& rewrites_;
  std::unordered_map<BlockId, FreeReason> known_;
};

}  // namespace situ
