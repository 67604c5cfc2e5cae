// Sentences about heap blocks: handed out, grown, released.
#include <fmt/format.h>

#include <algorithm>

#include "decode/decoder.h"
#include "decode/double_free.h"
#include "decode/escape.h"
#include "decode/narrator.h"
#include "decode/shapes.h"

namespace situ {

std::string Narrator::allocated() const {
  if (!step_.block) return "memory is allocated";
  const Block& block = recording_.at(*step_.block);
  const BlockSize* size = size_at(block, index_);
  const std::uint64_t requested = size ? size->requested : 0;
  const std::string label = block_label(block);
  const HeapOp op = last_op(*step_.block).value_or(block.by);
  std::string head = fmt::format("{} requested from {}: ", counted(requested, "byte"), heap_op_name(op));
  const bool resized = block.life.born < index_ && block.sizes.size() > 1;
  if (const Block* old = moved_here(*step_.block, op)) {
    const BlockSize* before = size_at(*old, index_);
    head += fmt::format("block {} ({}) moves, and is now block {} at {}", block_label(*old),
                        counted(before ? before->requested : 0, "byte"), label, hex_text(block.address));
  } else if (resized) {
    const std::uint64_t before = block.sizes[block.sizes.size() - 2].requested;
    head += fmt::format("block {} at {} {} in place, from {}", label, hex_text(block.address),
                        requested < before ? "shrinks" : "grows", counted(before, "byte"));
  } else {
    head += fmt::format("block {} at {}", label, hex_text(block.address));
  }
  if (size && size->usable > 0) {
    head += fmt::format(" ({} usable, chunk {})", size->usable, size->chunk);
  }
  if (const auto content = what_for(*step_.block); !content.empty()) head += ", for " + content;
  if (const Block* before = resized ? nullptr : earlier_tenant(*step_.block)) {
    head += fmt::format("; it takes the place that block {} left", block_label(*before));
  }
  return head;
}

std::string Narrator::freed() const {
  if (!step_.block) return "memory is freed";
  const Block& block = recording_.at(*step_.block);
  const BlockSize* size = size_at(block, index_);
  std::string text;
  const FreeReason* reason = in_.reason(*step_.block);
  if (reason && !reason->text.empty()) text = reason->text + ": ";
  text += fmt::format("block {} ({} at {}) is freed", block_label(block),
                      counted(size ? size->requested : 0, "byte"), hex_text(block.address));
  if (reason && reason->function) {
    const std::string who = plain_function_name(recording_.at(*reason->function).name);
    text += reason->line > 0 ? fmt::format(" by {}, line {}", who, reason->line) : " by " + who;
  }
  if (size && size->chunk > 0)
    text += fmt::format("; its place of {} can be used again", counted(size->chunk, "byte"));
  return text;
}

std::string Narrator::freed_again() const {
  std::string text;
  auto event = std::ranges::lower_bound(recording_.events, index_, {}, &HeapEvent::step);
  for (; event != recording_.events.end() && event->step == index_; ++event) {
    const auto id = released_again(recording_, *event);
    if (!id) continue;
    const Block& block = recording_.at(*id);
    text += fmt::format("; a double free: block {} is freed a second time, it was freed at step {}",
                        block_label(block), *block.life.died);
    const FreeReason* reason = in_.reason(*id);
    if (reason && reason->function) {
      text += " by " + plain_function_name(recording_.at(*reason->function).name);
      if (reason->line > 0) text += fmt::format(", line {}", reason->line);
    }
  }
  return text;
}

std::optional<HeapOp> Narrator::last_op(BlockId block) const {
  std::optional<HeapOp> op;
  auto event = std::ranges::lower_bound(recording_.events, index_, {}, &HeapEvent::step);
  for (; event != recording_.events.end() && event->step == index_; ++event) {
    if (event->block == block && !releases(event->op)) op = event->op;
  }
  return op;
}

const Block* Narrator::moved_here(BlockId id, HeapOp op) const {
  if (op != HeapOp::realloc && op != HeapOp::reallocarray) return nullptr;
  const auto old = std::ranges::find(recording_.blocks, std::optional(id), &Block::moved_to);
  return old == recording_.blocks.end() ? nullptr : &*old;
}

// The user's block that lived at the same address last.
const Block* Narrator::earlier_tenant(BlockId id) const {
  const Block* latest = nullptr;
  for (const BlockId other : in_.timeline.tenants(recording_.at(id).address)) {
    const Block& block = recording_.at(other);
    if (other != id && block.number && block.life.died && block.tenant < recording_.at(id).tenant) {
      latest = &block;
    }
  }
  return latest;
}

std::string Narrator::what_for(BlockId id) const {
  const BlockContent& content = in_.types.of(id);
  if (content.is_text) return "text";
  if (!content.type) return {};
  const std::string name = printable(recording_.at(*content.type).name);
  if (name.empty()) return {};
  const BlockSize* size = size_at(recording_.at(id), index_);
  const std::uint64_t element = recording_.at(without_aliases(recording_, *content.type)).size.value_or(0);
  const std::uint64_t fit = size && element > 0 ? size->requested / element : 1;
  if (content.counted || content.count > 1) return fmt::format("{} × {}", fit, name);
  return fmt::format("one {}", name);
}

}  // namespace situ
