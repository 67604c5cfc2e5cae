// What is in each heap block, told by the pointers to its start over the whole recording: an owner's word
// counts most, then the most specific other pointer (design: semantics, Blocks). Grows with the recording.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "decode/pointer_scan.h"
#include "decode/timeline.h"
#include "decode/variables.h"

namespace situ {

struct BlockContent {
  std::optional<TypeId> type;
  std::uint64_t count = 1;  // elements, where a pointer with a count says so, or by the size
  bool counted = false;     // a pointer said so
  bool is_text = false;
  std::vector<TypeId> all;
  int rank = 0;  // of the pointer that decided
};

// The value a pointer was found in: where it begins, and since when what stands there may be its own.
struct PointerSource {
  std::optional<Address> at;
  StepIndex since = 0;
};

class BlockTypes {
 public:
  BlockTypes(const Recording& recording, const Timeline& timeline, const VariableReader& variables)
      : recording_(recording), timeline_(timeline), variables_(variables) {}

  // Takes in the steps added since the last call; the timeline has moved to one of them.
  void update();
  const BlockContent& of(BlockId block) const;

 private:
  struct Open {
    std::uint32_t id = 0;
    StepIndex next = 0;  // first step not looked at
  };

  void look_at_variable(Open& open, StepIndex end);
  void look_at_block(Open& open, StepIndex end);
  bool take_counts(Address address, StepIndex step);
  void take(const FoundPointer& found, StepIndex step, const PointerSource& source);

  const Recording& recording_;
  const Timeline& timeline_;
  const VariableReader& variables_;
  StepIndex done_ = 0;
  std::size_t variables_taken_ = 0;
  std::vector<Open> open_variables_, open_blocks_;
  std::vector<BlockId> found_blocks_;  // typed since the last look
  std::unordered_set<BlockId> ever_open_;
  std::unordered_map<BlockId, BlockContent> content_;
};

}  // namespace situ
