// Who owned each heap block, when, and who took it over, told by the owners' words over the whole recording.
//
// A word that owns (a Box's, a Vec's, a unique_ptr's ...) and holds a block's address is a claim on the
// block. In Rust a move copies the bits and leaves them behind, so of several claims the newest is the owner
// and the others have been moved from. In C++ a move empties its source: a claim that ends at the step
// another begins has been moved. Rc, Arc and shared_ptr may have many owners: there the strong count says
// that one too many holds the address, and the source which. A borrow is no claim. Grows with the recording.
#pragma once

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "decode/block_types.h"
#include "decode/rewrites.h"

namespace situ {

// What a claim's word lies in: a variable, or a block.
struct OwnerHolder {
  std::optional<VariableId> variable;
  std::optional<BlockId> block;
  friend auto operator<=>(const OwnerHolder&, const OwnerHolder&) = default;
};

struct Claim {
  BlockId block;
  OwnerHolder holder;
  std::uint64_t offset = 0;  // of the word in its holder
  std::string path;          // from the holder: ".next", ""
  PointerKind kind = PointerKind::owner;
  bool rust = false;
  bool link = false;                         // inside a container
  std::optional<Address> word;               // where it lies; empty: in a register
  std::optional<std::size_t> alias_of = {};  // another variable's word: a closure's view of what it captured
  StepIndex born = 0;
  std::optional<StepIndex> died = {};   // the word says something else, or its holder or the block is gone
  std::optional<StepIndex> moved = {};  // another claim took the block over; the bits may still be here
  std::optional<std::size_t> moved_to = {};  // that claim

  bool open_at(StepIndex step) const { return born <= step && (!died || step < *died); }
  bool moved_at(StepIndex step) const { return moved && *moved <= step; }
};

class Ownership {
 public:
  Ownership(const Recording& recording, const Timeline& timeline, const VariableReader& variables,
            const BlockTypes& types, Rewrites& rewrites)
      : recording_(recording),
        timeline_(timeline),
        variables_(variables),
        types_(types),
        rewrites_(rewrites) {}

  // Takes in the steps added since the last call; the block types have been updated.
  void update();

  const Claim& claim(std::size_t index) const { return claims_[index]; }
  // All claims there ever were on a block, in order of birth.
  const std::vector<std::size_t>& claims_on(BlockId block) const;
  const std::vector<std::size_t>& claims_of(const OwnerHolder& holder) const;
  // The newest claim of a word up to the step, open or not.
  const Claim* last_claim(const OwnerHolder& holder, std::uint64_t offset, StepIndex step) const;
  // The claims that owned the block when it was released, before anyone acted: aliases left out.
  std::vector<std::size_t> owners_at_release(BlockId block) const;
  // The claims that were moved from at exactly this step.
  const std::vector<std::size_t>& moves_at(StepIndex step) const;
  // The newest claims of a holder up to the step, newest first; as many as any one value can mean.
  std::vector<std::size_t> recent_claims(const OwnerHolder& holder, StepIndex step) const;
  // The claim whose move left the variable empty-handed at this step; null: it holds something, or never did.
  const Claim* moved_out(VariableId variable, StepIndex step) const;

 private:
  struct Word {
    FoundPointer found;
    BlockId block;
  };

  bool may_own(TypeId type);
  void note_changes(StepIndex end);
  void note_variable(VariableId id, StepIndex first, StepIndex end);
  void note_block(BlockId id, StepIndex first, StepIndex end);
  void process(StepIndex step);
  void look_at(const OwnerHolder& holder, StepIndex step);
  std::vector<Word> words_of(const OwnerHolder& holder, StepIndex step);
  bool stale(const OwnerHolder& holder, const FoundPointer& found, BlockId block, StepIndex step);
  void open(const OwnerHolder& holder, const Word& word, StepIndex step);
  void close(std::size_t index, StepIndex step);
  void move(std::size_t from, std::optional<std::size_t> to, StepIndex step);
  void settle(BlockId block, StepIndex step);
  void settle_rust(const std::vector<std::size_t>& open, StepIndex step);
  void settle_emptied(BlockId block, const std::vector<std::size_t>& open, StepIndex step);
  void settle_shared(BlockId block, const std::vector<std::size_t>& open, StepIndex step);
  void take_back(StepIndex step);
  bool newer(std::size_t a, std::size_t b) const;
  std::string_view line_before(ThreadId thread, StepIndex step) const;
  std::string_view line_that_gave(const Claim& claim) const;
  std::optional<FrameId> frame_of(const Claim& claim) const;
  std::uint64_t count_of(BlockId block) const;

  const Recording& recording_;
  const Timeline& timeline_;
  const VariableReader& variables_;
  const BlockTypes& types_;
  Rewrites& rewrites_;

  std::vector<Claim> claims_;
  std::unordered_map<BlockId, std::vector<std::size_t>> by_block_;
  std::map<OwnerHolder, std::vector<std::size_t>> by_holder_;
  std::map<OwnerHolder, std::vector<std::size_t>> open_by_holder_;
  std::unordered_map<BlockId, std::vector<std::size_t>> open_by_block_;
  std::map<StepIndex, std::vector<std::size_t>> moves_;
  std::vector<std::size_t> closed_now_;
  std::map<Address, std::vector<std::size_t>> by_word_;  // open ones
  std::unordered_map<BlockId, std::uint64_t> counts_;    // elements, as its owner said last
  std::unordered_map<std::uint32_t, bool> may_own_;      // by type

  StepIndex done_ = 0;
  std::size_t variables_taken_ = 0, blocks_taken_ = 0;
  std::vector<VariableId> open_variables_;
  std::vector<BlockId> open_blocks_;
  std::map<StepIndex, std::set<OwnerHolder>> dirty_;
  std::map<StepIndex, std::vector<BlockId>> deaths_;
  std::set<BlockId> touched_;
  std::set<OwnerHolder> watched_;  // hold the address of a block that was born after their word was written
  std::set<std::size_t> given_;    // moved, still there: an assignment may give them the block back
};

}  // namespace situ
