// A moment put into words, before anything is placed: rows of name, value, type and size with their signs,
// and what each row points at. The layout (text_layout.h) then only measures and draws.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "decode/byte_map.h"
#include "decode/moment.h"
#include "render/color.h"
#include "render/text.h"
#include "render/width.h"

namespace situ {

// Where a drawn arrow leads.
struct ArrowTo {
  std::optional<BlockId> block;
  std::optional<VariableId> variable;
  Ink ink = Ink::plain;
  bool broken = false;  // dangling: a dashed line with a cross
  int priority = 0;     // lower is drawn first when there is no room for all
};

// One line of a frame or of a block.
struct Row {
  std::string where;  // "-0x1c" from the CFA, a register
  std::string name;
  char sign = ' ';     // * changed, ~ freed, ! dangling, ? uninitialised, x moved, + new
  std::string before;  // the old value, drawn "before → text" where there is room
  std::string text;
  Ink ink = Ink::plain;  // of the text
  std::string tag;       // "●─▶ #2": never cut
  Ink tag_ink = Ink::plain;
  std::string note;        // "copy of main.x": dropped where there is no room
  std::string short_note;  // "= main.x": instead, where that fits
  std::string type;
  std::optional<std::uint64_t> size;
  bool below_sp = false;
  bool dim = false;
  std::optional<VariableId> variable;
  std::optional<ArrowTo> arrow;
};

struct FrameCard {
  std::string title;
  std::string position;
  std::string cfa;
  std::optional<std::uint64_t> size;
  bool folded = false;  // a run of frames in one line
  bool ghost = false;
  bool innermost = false;
  std::vector<Row> rows;
};

struct StackZone {
  std::string title, subtitle;
  bool compact = false;
  std::string sp;                 // full address
  std::vector<FrameCard> frames;  // from high addresses to low; ghosts last
};

// A block, or the statics.
struct BlockCard {
  std::optional<BlockId> id;
  std::string label, tail, size_text, size_short;
  std::string footer, short_footer;
  std::string state;  // "freed", "new"
  Ink ink = Ink::plain;
  char sign = ' ';
  bool ghost = false;
  std::vector<Row> rows;
};

struct HeapItem {
  std::optional<BlockCard> card;
  std::string words;  // without a card: "+3 blocks, 72 B", a region, a gap
};

// What the recording and the moment know of pointers, indexed.
class Scene {
 public:
  Scene(const Recording& recording, const Moment& moment, const TextOptions& options);

  std::vector<StackZone> stacks() const;
  std::vector<HeapItem> heap() const;
  std::vector<std::string> events() const;  // the last few, oldest first
  const Recording& recording() const { return recording_; }
  const Moment& moment() const { return moment_; }
  Charset charset() const { return charset_; }
  bool several_threads() const { return recording_.threads.size() > 1; }
  std::string thread_label(ThreadId thread) const;

 private:
  struct Parent {
    const ThreadView* thread = nullptr;
    const FrameView* frame = nullptr;
    const VariableView* view = nullptr;
  };

  std::string pick(std::string_view utf8, std::string_view ascii) const;
  void add_tag(Row& row, const PointerView& pointer) const;
  std::string target_name(const PointerTarget& target) const;
  std::string dangling_words(const PointerView& pointer) const;
  void describe(Row& row, const Value& value, const std::vector<const PointerView*>& pointers) const;
  void add_value(std::vector<Row>& rows, Row first, const Value& value, std::uint64_t base,
                 const std::vector<const PointerView*>& pointers, int depth) const;

  StackZone stack(const ThreadView& thread) const;
  StackZone compact_stack(const ThreadView& thread) const;
  FrameCard frame_card(const ThreadView& thread, std::size_t index) const;
  std::vector<Row> variable_rows(const VariableView& view, const Row& start) const;
  // The bytes view (text_bytes.cpp).
  void add_part(std::vector<Row>& rows, const Row& model, const BytePart& part,
                std::span<const std::byte> known) const;
  void add_bytes(std::vector<Row>& rows, const VariableView& view, const Row& start) const;
  void add_bytes(BlockCard& card, const BlockView& view) const;
  void add_saved_register(std::vector<Row>& rows, Row row, const Slot& slot, const FrameView& view) const;
  Row return_row(const ThreadView& thread, std::size_t index) const;
  std::optional<BlockCard> statics_card() const;
  BlockCard block_card(const BlockView& view, std::size_t tail_digits) const;
  std::string block_type(const BlockView& view) const;
  const StackLine* user_line(const std::vector<StackLine>& stack) const;

  const Recording& recording_;
  const Moment& moment_;
  const TextOptions& options_;
  Charset charset_;
  std::unordered_map<VariableId, Parent> variables_;
  std::unordered_map<VariableId, std::vector<const PointerView*>> from_variable_;
  std::unordered_map<BlockId, std::vector<const PointerView*>> from_block_;
  std::unordered_map<BlockId, const BlockView*> blocks_;
};

}  // namespace situ
