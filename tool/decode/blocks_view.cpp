// Blocks and pointers of a moment.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "decode/decoder.h"
#include "decode/decoding.h"
#include "decode/live_memory.h"

namespace situ {
namespace {

constexpr std::size_t raw_bytes_shown = 16;
constexpr std::uint64_t most_bytes_kept = 4096;

// A block of no known type: its first bytes.
Value raw_value(const MemoryReader& memory, Address from, std::uint64_t size) {
  std::vector<std::byte> bytes(std::min<std::uint64_t>(size, raw_bytes_shown));
  bytes.resize(memory.read(from, bytes));
  if (bytes.empty() && size > 0) return unavailable_value(Why::unreadable);
  Value value;
  value.kind = ValueKind::sequence;
  value.length = value.size = size;
  for (const std::byte b : bytes) {
    value.text += fmt::format("{}{:02x}", value.text.empty() ? "" : " ", std::to_integer<unsigned>(b));
  }
  value.cut = bytes.size() < size;
  if (value.cut) value.text += " …";
  return value;
}

bool fills_with_zeros(HeapOp op) {
  return op == HeapOp::calloc || op == HeapOp::realloc || op == HeapOp::reallocarray;
}

}  // namespace

void Decoder::Impl::collect_variables(const Moment& moment, std::vector<Held>& held) {
  const StepIndex step = moment.step;
  const MemoryAtStep memory(recording_.memory, step);
  const auto collect = [&](VariableId id) {
    const Variable& variable = recording_.at(id);
    if (!variable.type || !may_hold_pointers(recording_, *variable.type)) return;
    const VariableNow now = variables_.locate(id, step);
    if (now.state != VariableState::live) return;
    if (fate_of(id, now.state, step).state == VariableState::ended) return;
    const auto marked = variables_.marked(id, step);
    const PointerHolder holder{id, {}, now.at, variable.name};
    scan_pointers({recording_, marked,
                   [&](const FoundPointer& found) {
                     const auto word = now.at ? std::optional(*now.at + found.offset) : std::nullopt;
                     held.push_back({judge_.judge(found, holder), found, word});
                   }},
                  Bytes(now.bytes, now.at, memory), *variable.type);
  };
  for (const ThreadView& thread : moment.threads) {
    for (const FrameView& frame : thread.frames) {
      if (frame.ghost) continue;
      for (const VariableView& variable : frame.variables) collect(variable.id);
    }
  }
  for (const VariableId id : timeline_.statics()) {
    if (!recording_.at(id).compiler_made) collect(id);
  }
}

std::uint64_t Decoder::Impl::count_now(BlockId id,
                                       const std::unordered_map<BlockId, std::uint64_t>& counted) const {
  const auto now = counted.find(id);
  return now == counted.end() ? types_.of(id).count : now->second;
}

Value Decoder::Impl::block_value(BlockId id, std::uint64_t count, StepIndex step) const {
  const Block& block = recording_.at(id);
  const BlockContent& content = types_.of(id);
  const BlockSize* size = size_at(block, step);
  const std::uint64_t requested = size ? size->requested : 0;
  if (block.life.born == step && recording_.steps[step].cause == Cause::alloc &&
      !fills_with_zeros(block.by)) {
    Value fresh;
    fresh.text = "<uninitialised>";
    fresh.unwritten = true;
    if (content.type) fresh.type = *content.type;
    return fresh;
  }
  const LiveMemory memory(recording_, timeline_, step);
  if (!content.type && !content.is_text) return raw_value(memory, block.address, requested);
  const DecodeInput input{recording_, memory, block.address, options_, {}};
  const Bytes bytes({}, block.address, memory);
  Decoding decoding(input);
  if (content.is_text) return decoding.text(bytes, std::min(count, requested));
  if (count == 1 && !content.counted) return decoding.value(bytes, *content.type);
  return decoding.elements(bytes, *content.type, count);
}

BlockView Decoder::Impl::block(BlockId id, std::uint64_t count, StepIndex step) {
  BlockView view;
  view.id = id;
  view.block = &recording_.at(id);
  view.size = size_at(*view.block, step);
  view.type = types_.of(id).type;
  view.count = count;
  view.value = block_value(id, count, step);
  if (options_.bytes && view.size) {
    view.bytes.resize(std::min(view.size->requested, most_bytes_kept));
    view.bytes.resize(MemoryAtStep(recording_.memory, step).read(view.block->address, view.bytes));
  }
  view.ghost = view.block->life.died == step;
  view.fresh = view.block->life.born == step;
  if (view.ghost) view.freed_because = releases_.of(id);
  if (step > 0 && view.block->life.born < step) {
    view.changed = block_value(id, count, step - 1).text != view.value.text;
  }
  for (const BlockId other : timeline_.tenants(view.block->address)) {
    const Block& earlier = recording_.at(other);
    if (other < id && earlier.user && earlier.number && earlier.life.born <= step) {
      view.earlier.push_back(*earlier.number);
    }
  }
  return view;
}

// Breadth first from the variables, so that an owner's length is known before its block is decoded; then the
// blocks that nothing points to.
void Decoder::Impl::add_blocks(Moment& moment, std::vector<Held>& held) {
  const StepIndex step = moment.step;
  const MemoryAtStep memory(recording_.memory, step);
  std::unordered_map<BlockId, std::uint64_t> counted;
  std::unordered_set<BlockId> reached;
  std::deque<BlockId> to_scan;
  std::size_t looked_at = 0;
  const auto follow = [&] {
    for (; looked_at < held.size(); ++looked_at) {
      const Held& h = held[looked_at];
      if (!h.view.to || !h.view.to->block || h.view.to->kind == PointerTarget::Kind::self) continue;
      const BlockId id = *h.view.to->block;
      if (h.found.counts && h.view.to->offset == 0 && types_.of(id).type == h.found.pointee) {
        const auto present = counted.find(id);
        const bool owner = h.found.kind == PointerKind::owner;
        if (present == counted.end() || owner) counted[id] = h.found.count;
      }
      if (!recording_.at(id).life.alive_at(step) && recording_.at(id).life.died != step) continue;
      if (reached.insert(id).second) to_scan.push_back(id);
    }
  };
  const auto scan = [&](BlockId id) {
    const Block& block = recording_.at(id);
    const BlockContent& content = types_.of(id);
    if (!block.life.alive_at(step) || !content.type || content.is_text) return;
    if (!may_hold_pointers(recording_, *content.type)) return;
    if (block.life.born == step && recording_.steps[step].cause == Cause::alloc) return;
    const PointerHolder holder{{}, id, block.address, block_label(block)};
    scan_elements({recording_,
                   {},
                   [&](const FoundPointer& found) {
                     held.push_back({judge_.judge(found, holder), found, block.address + found.offset});
                   }},
                  Bytes({}, block.address, memory), *content.type, count_now(id, counted));
  };
  const auto drain = [&] {
    for (follow(); !to_scan.empty(); follow()) {
      const BlockId id = to_scan.front();
      to_scan.pop_front();
      scan(id);
    }
  };
  drain();
  for (const auto& [address, id] : timeline_.live_blocks()) {
    const Block& block = recording_.at(id);
    if (!block.user) continue;
    ++moment.live_blocks;
    if (const BlockSize* size = size_at(block, step)) moment.live_bytes += size->requested;
    if (!reached.insert(id).second) continue;
    scan(id);
    drain();
  }
  for (const BlockId id : timeline_.released_now()) {
    if (recording_.at(id).user) reached.insert(id);
  }
  for (const BlockId id : reached) moment.blocks.push_back(block(id, count_now(id, counted), step));
  std::ranges::sort(moment.blocks, {},
                    [](const BlockView& b) { return std::pair(b.block->address, b.id.value); });
}

}  // namespace situ
