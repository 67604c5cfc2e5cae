// The heap zone in words: a card a block, high addresses on top as on the stack.
#include <fmt/format.h>

#include <algorithm>

#include "render/text_names.h"
#include "render/text_scene.h"

namespace situ {
namespace {

constexpr std::size_t shown_blocks = 24;
constexpr std::size_t shown_events = 5;
constexpr std::uint64_t notable_gap = 4096;

const Region* region_of(const Recording& recording, Address address, StepIndex step) {
  const auto found = std::find_if(
      recording.regions.begin(), recording.regions.end(),
      [&](const Region& region) { return region.range.contains(address) && region.life.alive_at(step); });
  return found == recording.regions.end() ? nullptr : &*found;
}

std::string distance_text(std::uint64_t bytes) {
  if (bytes >= 1ull << 30) return fmt::format("{:.1f} GiB", static_cast<double>(bytes) / (1ull << 30));
  if (bytes >= 1ull << 20) return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1ull << 20));
  return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
}

// Bytes of `op` are not the program's yet when the allocator has just returned.
bool leaves_garbage(HeapOp op) {
  return op != HeapOp::calloc && op != HeapOp::realloc && op != HeapOp::reallocarray;
}

}  // namespace

std::string Scene::block_type(const BlockView& view) const {
  if (!view.type || view.type->value >= recording_.types.size()) return {};
  std::string name = short_type(recording_.at(*view.type).name);
  return view.count > 1 ? fmt::format("{} {}{}", name, pick("×", "x"), count_text(view.count)) : name;
}

// The user's line nearest to the allocator.
const StackLine* Scene::user_line(const std::vector<StackLine>& stack) const {
  const auto user = std::find_if(stack.begin(), stack.end(), [&](const StackLine& line) {
    return line.function && recording_.at(*line.function).user;
  });
  return user == stack.end() ? nullptr : &*user;
}

BlockCard Scene::block_card(const BlockView& view, std::size_t tail_digits) const {
  const Block& block = *view.block;
  BlockCard card;
  card.id = view.id;
  card.label = block_label(block);
  card.ghost = view.ghost || !block.life.alive_at(moment_.step);
  card.ink = block.number && !card.ghost ? accent(*block.number - 1) : Ink::faint;
  const std::string digits = fmt::format("{:x}", block.address.value);
  card.tail = options_.full_addresses || digits.size() <= tail_digits
                  ? "0x" + digits
                  : pick("…", "..") + digits.substr(digits.size() - tail_digits);
  if (view.size != nullptr) {
    card.size_text = bytes_text(view.size->requested);
    card.size_short = card.size_text;
    if (view.size->usable != 0) {
      card.size_text += fmt::format(" of {}, chunk {}", view.size->usable, view.size->chunk);
      card.size_short += fmt::format("/{}", view.size->usable);
    }
  }
  const Step& step = recording_.steps[moment_.step];
  const bool unwritten = step.cause == Cause::alloc && step.block == view.id && leaves_garbage(block.by);
  card.sign = card.ghost ? '~' : view.fresh ? '+' : view.changed ? '*' : ' ';
  card.state = card.ghost ? "freed" : view.fresh ? "new" : "";
  const StackLine* line = user_line(card.ghost ? block.free_stack : block.stack);
  const std::string where = line == nullptr ? "" : position(line->file, line->line);
  const std::string place =
      line == nullptr ? "" : short_function(recording_.at(*line->function).name) + " " + where;
  if (card.ghost) {
    const std::string how =
        block.moved_to ? "moved to " + block_label(recording_.at(*block.moved_to)) : "freed";
    card.footer = place.empty() ? how : how + " at " + place;
    card.short_footer = where.empty() ? how : how + " " + where;
  } else {
    card.footer = place.empty() ? std::string(purpose_name(block.purpose)) : place;
    card.short_footer = where;
  }

  Row first;
  first.type = block_type(view);
  first.dim = card.ghost;
  if (unwritten) {
    first.sign = '?';
    first.text = "not written yet";
    first.ink = Ink::faint;
    card.rows.push_back(std::move(first));
  } else {
    static const std::vector<const PointerView*> none;
    const auto found = from_block_.find(view.id);
    add_value(card.rows, std::move(first), view.value, 0, found == from_block_.end() ? none : found->second,
              0);
    if (view.changed && card.rows.front().ink == Ink::plain) card.rows.front().ink = Ink::changed;
  }
  add_bytes(card, view);
  if (!view.earlier.empty()) {
    Row tenants;
    tenants.ink = Ink::faint;
    tenants.text = "here before:";
    const std::size_t from = view.earlier.size() > 4 ? view.earlier.size() - 4 : 0;
    if (from > 0) tenants.text += pick(" …", " ..");
    for (std::size_t i = from; i < view.earlier.size(); ++i)
      tenants.text += fmt::format(" #{}", view.earlier[i]);
    card.rows.push_back(std::move(tenants));
  }
  return card;
}

std::vector<HeapItem> Scene::heap() const {
  std::vector<HeapItem> items;
  const auto& blocks = moment_.blocks;
  auto statics = statics_card();
  const auto add_statics = [&] {
    if (statics) items.push_back({std::move(statics), {}});
  };
  if (blocks.empty()) {
    add_statics();
    return items;
  }
  // When there are too many, those that something on the stack points at, and what is new, stay.
  std::vector<bool> keep(blocks.size(), blocks.size() <= shown_blocks);
  std::size_t kept = blocks.size() <= shown_blocks ? blocks.size() : 0;
  const auto choose = [&](auto wanted) {
    for (std::size_t i = 0; i < blocks.size() && kept < shown_blocks; ++i) {
      if (keep[i] || !wanted(blocks[i])) continue;
      keep[i] = true;
      ++kept;
    }
  };
  choose([](const BlockView& b) { return b.fresh || b.ghost || b.changed; });
  choose([&](const BlockView& b) {
    return std::any_of(moment_.pointers.begin(), moment_.pointers.end(),
                       [&](const PointerView& p) { return p.from_variable && p.to && p.to->block == b.id; });
  });
  choose([](const BlockView&) { return true; });

  const Region* region = nullptr;
  bool first = true;
  std::size_t skipped = 0;
  std::uint64_t skipped_bytes = 0;
  const auto tell_skipped = [&] {
    if (skipped > 0) {
      items.push_back({{},
                       fmt::format("{} {}, {}", pick("…", ".."), count_text(skipped, "more block"),
                                   bytes_text(skipped_bytes))});
    }
    skipped = 0;
    skipped_bytes = 0;
  };
  for (std::size_t n = blocks.size(); n > 0; --n) {
    const BlockView& view = blocks[n - 1];
    const Region* here = region_of(recording_, view.block->address, moment_.step);
    if (first || here != region) {
      tell_skipped();
      const bool heap = here == nullptr || here->kind == RegionKind::heap;
      const std::string kind = heap ? "" : std::string(region_kind_name(here->kind)) + " ";
      const Address from = here != nullptr ? here->range.low : view.block->address;
      items.push_back({{}, fmt::format("{}{} {}", kind, here != nullptr ? "from" : "near", hex(from.value))});
    } else if (keep[n - 1] && skipped == 0) {
      const std::uint64_t reach = view.size != nullptr ? std::max(view.size->chunk, view.size->requested) : 0;
      const std::int64_t gap = blocks[n].block->address - (view.block->address + reach);
      if (gap > static_cast<std::int64_t>(notable_gap)) {
        items.push_back({{}, pick("⋮ ", ": ") + distance_text(static_cast<std::uint64_t>(gap))});
      }
    }
    region = here;
    first = false;
    if (!keep[n - 1]) {
      ++skipped;
      skipped_bytes += view.size != nullptr ? view.size->requested : 0;
      continue;
    }
    tell_skipped();
    const std::uint64_t span = here != nullptr ? here->range.size() : 0x10000;
    std::size_t digits = 4;
    while (digits < 16 && (span - 1) >> (4 * digits) != 0) ++digits;
    items.push_back({block_card(view, digits), {}});
  }
  tell_skipped();
  add_statics();
  return items;
}

std::vector<std::string> Scene::events() const {
  std::vector<std::string> lines;
  for (auto event = recording_.events.rbegin(); event != recording_.events.rend(); ++event) {
    if (event->step > moment_.step || !event->block) continue;
    const Block& block = recording_.at(*event->block);
    if (!block.user) continue;
    const bool release = releases(event->op);
    const StackLine* line = user_line(release ? block.free_stack : block.stack);
    lines.push_back(fmt::format("{:>4} {} {:<7} {:<4} {:>7}  {}", event->step, release ? '~' : '+',
                                heap_op_name(event->op), block_label(block),
                                release ? "" : bytes_text(event->requested),
                                line == nullptr ? "" : position(line->file, line->line)));
    if (lines.size() == shown_events) break;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace situ
