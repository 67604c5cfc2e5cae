// The state of a recording at one step, with meaning: what every picture and the JSON are drawn from. A
// function of (recording, step): asking twice gives the same.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/free_reason.h"
#include "decode/value.h"
#include "model/recording.h"

namespace situ {

enum class VariableState : std::uint8_t { uninitialised, live, ended, moved, unknown };
std::string_view variable_state_name(VariableState state);

enum class PointerState : std::uint8_t {
  valid,
  null,
  empty,
  past_end,
  dangling_freed,
  dangling_reused,
  dangling_frame,
  dangling_moved,
  moved_from,
  wild,
  unknown
};
std::string_view pointer_state_name(PointerState state);  // "valid", "past-end", "dangling-freed", ...
bool is_dangling(PointerState state);

struct PointerTarget {
  enum class Kind : std::uint8_t {
    block,
    variable,
    frame,
    static_data,
    code,
    region,
    self
  } kind = Kind::region;
  std::optional<BlockId> block;
  std::optional<VariableId> variable;
  std::optional<FrameId> frame;
  std::optional<RegionId> region;
  std::string name;          // static, code: the symbol
  std::uint64_t offset = 0;  // from the target's start
  std::string path;          // ".next", "[3]" inside the target, where known
};

struct PointerView {
  std::optional<VariableId> from_variable;
  std::optional<BlockId> from_block;
  std::uint64_t offset = 0;  // of the pointer's word in its holder
  std::string path;          // "x.next"
  Address address;           // the pointer's value
  PointerKind kind = PointerKind::raw;
  PointerState state = PointerState::unknown;
  std::optional<PointerTarget> to;
  std::uint64_t covered = 0;  // bytes the pointer covers (slices); 0: one element
};

struct VariableView {
  VariableId id;
  const Variable* variable = nullptr;
  const Place* place = nullptr;  // null: nowhere yet
  VariableState state = VariableState::unknown;
  Value value;
  std::optional<StepIndex> seen;  // when its bytes were last read, if before this step
  bool in_scope = false;
  bool changed = false;               // another value or state than at the step before
  std::optional<std::string> before;  // its text then, if it was live
  std::vector<std::byte> bytes;       // those of the value that are known; only with DecodeOptions::bytes
  std::optional<VariableId>
      copy_of;  // a parameter whose value equals the caller's variable it was called with
  // moved: who took over what it owned, and at which step. A Rust variable keeps its bits, and is shown as it
  // was when it still owned; a C++ one is shown as the move left it.
  std::optional<VariableId> moved_to;
  std::optional<BlockId> moved_into;  // or the block whose part took it over
  std::optional<StepIndex> moved_at;
};

enum class SlotKind : std::uint8_t { return_address, saved_register, parameter, local, red_zone, other };
std::string_view slot_kind_name(SlotKind kind);

// A part of a frame; the slots add up to its size.
struct Slot {
  std::int64_t offset = 0;  // from the CFA, negative; ordered from high to low
  std::uint64_t size = 0;
  SlotKind kind = SlotKind::other;
  std::optional<Reg> reg;
  std::vector<VariableId> variables;  // more than one share a slot in optimised code
};

struct FrameView {
  FrameId id;
  const Frame* frame = nullptr;
  std::string title;  // "bar", "article::main", "?? in libc.so.6"
  std::uint64_t size = 0, pushed = 0;
  Address low;  // CFA - size
  bool innermost = false;
  bool ghost = false;  // popped at this step
  Address pc;          // where it stands
  std::string file;
  std::uint32_t line = 0;
  std::vector<Slot> slots;
  std::vector<VariableView>
      variables;  // user frames; hidden ones left out; parameters first, then by declaration
};

struct ThreadView {
  ThreadId id;
  const Thread* thread = nullptr;
  Address sp;
  std::optional<StepIndex> seen;  // when it last stood still, if before this step
  std::vector<FrameView> frames;  // innermost first; ghosts before them
};

struct BlockView {
  BlockId id;
  const Block* block = nullptr;
  const BlockSize* size = nullptr;
  std::optional<TypeId> type;
  std::uint64_t count = 1;  // elements of `type`, where an owner says so
  Value value;
  bool ghost = false;  // released at this step
  bool fresh = false;  // born at this step
  bool changed = false;
  const FreeReason* freed_because = nullptr;  // ghosts
  std::vector<std::byte> bytes;        // the leading ones that are known; only with DecodeOptions::bytes
  std::vector<std::uint32_t> earlier;  // user numbers of the slot's earlier tenants
};

struct Moment {
  StepIndex step = 0;
  std::vector<ThreadView> threads;    // the step's own first
  std::vector<VariableView> statics;  // the user's statics and thread-locals, in address order
  std::vector<BlockView>
      blocks;  // the user's, and those pointed at; in address order; ghosts of this step included
  std::uint64_t live_blocks = 0, live_bytes = 0;  // of the user's
  std::vector<PointerView> pointers;
  std::string say;  // one sentence with the real numbers
};

// Decodes steps of one recording; keeps what is computed once (block types, last values). The recording must
// outlive it and may grow between calls (live pictures).
class Decoder {
 public:
  explicit Decoder(const Recording& recording, DecodeOptions options = {});
  ~Decoder();
  Decoder(const Decoder&) = delete;

  Moment moment(StepIndex step);
  std::string say(StepIndex step);  // the sentence alone, cheaper
  // Computed once for the whole recording, by owners first (semantics.md, Blocks): type and element count.
  struct BlockType {
    std::optional<TypeId> type;
    std::uint64_t count = 1;
    std::vector<TypeId> all;
  };
  BlockType block_type(BlockId block);
  // Why a block was released; null while it is alive. Valid until the next call on this decoder.
  const FreeReason* free_reason(BlockId block);
  // What the function of a `return` step returned; empty when its type is not known or it is returned in
  // memory whose bytes are not known.
  std::optional<Value> return_value(StepIndex step);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace situ
