#include "decode/pointers.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/escape.h"
#include "decode/shapes.h"
#include "decode/slots.h"
#include "decode/variables.h"

namespace situ {
namespace {

bool may_hold_blocks(RegionKind kind) {
  return kind == RegionKind::heap || kind == RegionKind::arena || kind == RegionKind::mapped;
}

std::string last_name(const std::string& path) {
  const auto dot = path.rfind('.');
  const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
  return name.substr(0, name.find('['));
}

}  // namespace

std::string path_inside(const Recording& recording, TypeId type, std::uint64_t offset) {
  std::string path;
  for (int depth = 0; depth < 16 && offset > 0; ++depth) {
    const Type& t = recording.at(without_aliases(recording, type));
    if (t.kind == TypeKind::array && t.element) {
      const std::uint64_t size = recording.at(without_aliases(recording, *t.element)).size.value_or(0);
      if (size == 0) break;
      path += fmt::format("[{}]", offset / size);
      offset %= size;
      type = *t.element;
      continue;
    }
    if (t.kind != TypeKind::record) break;
    const auto inside = std::ranges::find_if(t.fields, [&](const Field& field) {
      const std::uint64_t size = recording.at(without_aliases(recording, field.type)).size.value_or(0);
      return field.offset <= offset && offset - field.offset < size;
    });
    if (inside == t.fields.end()) break;
    if (!inside->name.empty()) path += "." + printable(inside->name);
    offset -= inside->offset;
    type = inside->type;
  }
  return path;
}

void PointerJudge::move_to(StepIndex step) {
  step_ = step;
  frames_.clear();
  for (const FrameId id : timeline_.frames()) {
    const Frame& frame = recording_.at(id);
    if (frame.inlined || !frame.life.alive_at(step)) continue;
    const FrameShape shape = frame_shape(frame, step);
    frames_.push_back({id, frame.cfa - shape.size, frame.cfa - shape.pushed, frame.cfa});
  }
  std::ranges::sort(frames_, {}, &StackFrame::cfa);
}

std::optional<RegionId> PointerJudge::region_at(Address address) const {
  std::optional<RegionId> found;
  for (std::uint32_t i = 0; i < recording_.regions.size(); ++i) {
    const Region& region = recording_.regions[i];
    if (!region.range.contains(address) || !region.life.alive_at(step_)) continue;
    // A stack inside another mapping is the more specific one.
    if (!found || region.range.size() < recording_.at(*found).range.size()) found = RegionId{i};
  }
  return found;
}

std::uint64_t PointerJudge::covered_bytes(const FoundPointer& found) const {
  if (!found.counts || !found.pointee) return found.counts && found.is_text ? found.count : 0;
  return found.count * recording_.at(without_aliases(recording_, *found.pointee)).size.value_or(1);
}

PointerView PointerJudge::judge(const FoundPointer& found, const PointerHolder& holder) {
  PointerView view;
  view.from_variable = holder.variable;
  view.from_block = holder.block;
  view.offset = found.offset;
  view.path = holder.name + found.path;
  view.address = found.address;
  view.kind = found.kind;
  view.covered = covered_bytes(found);
  if (!found.known) {
    view.state = PointerState::unknown;
  } else if (!found.address) {
    view.state = PointerState::null;
  } else if (found.empty) {
    view.state = PointerState::empty;
  } else if (found.self) {
    view.state = PointerState::valid;
    PointerTarget self;
    self.kind = PointerTarget::Kind::self;
    self.variable = holder.variable;
    self.block = holder.block;
    if (holder.at) self.offset = static_cast<std::uint64_t>(found.address - *holder.at);
    view.to = self;
  } else if (!on_block(view, found, holder) && !on_stack(view, found, holder) && !on_dead_block(view)) {
    elsewhere(view);
  }
  // The last node of a ring leads back to the container's head, which it does not own.
  if (found.link && view.to && !view.to->block) view.kind = PointerKind::raw;
  return view;
}

std::optional<StepIndex> PointerJudge::written_at(const FoundPointer& found,
                                                  const PointerHolder& holder) const {
  if (!holder.at) return std::nullopt;
  StepIndex written = recording_.memory.last_written(step_, *holder.at + found.offset, 8).value_or(step_);
  if (holder.variable) {
    // What a frame's variable holds was written since the frame was entered, whatever stood there before.
    const auto frame = recording_.at(*holder.variable).frame;
    if (frame) written = std::max(written, recording_.at(*frame).life.born);
  } else if (holder.block) {
    written = std::max(written, recording_.at(*holder.block).life.born);
  }
  return written;
}

bool PointerJudge::stale(const FoundPointer& found, const PointerHolder& holder, StepIndex birth,
                         const std::vector<StackLine>* made_by, std::vector<CallSite> lines) {
  const auto written = written_at(found, holder);
  if (!written || *written >= birth) return false;
  Rewrites::Question question;
  question.variable = holder.variable && found.path.empty();
  question.name = question.variable ? recording_.at(*holder.variable).name : last_name(found.path);
  question.plain = found.kind == PointerKind::raw || found.kind == PointerKind::borrow;
  question.since = birth;
  question.now = step_;
  question.made_by = made_by;
  question.lines = std::move(lines);
  question.only_by_name = question.variable;
  if (rewrites_.may_be_rewritten(question)) return false;
  return !question.variable || !rewritten_through_another(question, *holder.at + found.offset);
}

bool PointerJudge::on_block(PointerView& view, const FoundPointer& found, const PointerHolder& holder) {
  const auto id = timeline_.live_block_around(found.address);
  if (!id) return false;
  const Block& block = recording_.at(*id);
  const BlockSize* size = size_at(block, step_);
  const std::uint64_t requested = size ? size->requested : 0;
  PointerTarget target;
  target.kind = PointerTarget::Kind::block;
  target.block = *id;
  target.offset = static_cast<std::uint64_t>(found.address - block.address);
  if (const auto type = type_of_block_(*id); type && target.offset > 0) {
    const std::uint64_t element = recording_.at(without_aliases(recording_, *type)).size.value_or(0);
    if (element > 0 && element < requested) {
      target.path = fmt::format("[{}]", target.offset / element);
    }
    if (element > 0) target.path += path_inside(recording_, *type, target.offset % element);
  }
  view.state = target.offset >= requested && target.offset > 0 ? PointerState::past_end : PointerState::valid;
  if (view.state == PointerState::valid && stale(found, holder, block.life.born, &block.stack, {})) {
    view.state = PointerState::dangling_reused;
  }
  view.to = target;
  return true;
}

bool PointerJudge::on_dead_block(PointerView& view) {
  const auto region = region_at(view.address);
  if (region && !may_hold_blocks(recording_.at(*region).kind)) return false;
  const auto id = timeline_.dead_block_around(view.address);
  if (!id) return false;
  const Block& block = recording_.at(*id);
  view.state = block.moved_to ? PointerState::dangling_moved : PointerState::dangling_freed;
  PointerTarget target;
  target.kind = PointerTarget::Kind::block;
  target.block = *id;
  target.offset = static_cast<std::uint64_t>(view.address - block.address);
  view.to = target;
  return true;
}

const Symbol* PointerJudge::symbol_at(Address address) {
  if (symbols_.size() != recording_.symbols.size()) {
    symbols_.clear();
    for (std::uint32_t i = 0; i < recording_.symbols.size(); ++i) symbols_.push_back(i);
    std::ranges::stable_sort(symbols_, {}, [this](std::uint32_t i) { return recording_.symbols[i].address; });
  }
  const auto after = std::ranges::upper_bound(
      symbols_, address, {}, [this](std::uint32_t i) { return recording_.symbols[i].address; });
  if (after == symbols_.begin()) return nullptr;
  const Symbol& symbol = recording_.symbols[*std::prev(after)];
  const auto offset = static_cast<std::uint64_t>(address - symbol.address);
  return offset < std::max<std::uint64_t>(symbol.size, 1) ? &symbol : nullptr;
}

void PointerJudge::elsewhere(PointerView& view) {
  const auto region = region_at(view.address);
  PointerTarget target;
  for (const VariableId id : timeline_.statics()) {
    const Variable& variable = recording_.at(id);
    const Place* place = place_at(variable, step_);
    if (!place || !place->address || !variable.type) continue;
    const std::uint64_t size = recording_.at(without_aliases(recording_, *variable.type)).size.value_or(0);
    const auto offset = static_cast<std::uint64_t>(view.address - *place->address);
    if (offset >= size) continue;
    target.kind = PointerTarget::Kind::static_data;
    target.variable = id;
    target.region = region;
    target.name = printable(variable.name);
    target.offset = offset;
    target.path = path_inside(recording_, *variable.type, offset);
    view.state = PointerState::valid;
    view.to = target;
    return;
  }
  if (!region) {
    view.state = recording_.regions.empty() ? PointerState::unknown : PointerState::wild;
    return;
  }
  const Region& around = recording_.at(*region);
  view.state = around.kind == RegionKind::guard ? PointerState::wild : PointerState::valid;
  target.region = region;
  target.offset = static_cast<std::uint64_t>(view.address - around.range.low);
  if (const Symbol* symbol = symbol_at(view.address)) {
    target.kind =
        symbol->kind == SymbolKind::function ? PointerTarget::Kind::code : PointerTarget::Kind::static_data;
    target.name = printable(symbol->name);
    target.offset = static_cast<std::uint64_t>(view.address - symbol->address);
  } else if (around.kind == RegionKind::code) {
    target.kind = PointerTarget::Kind::code;
  } else if (around.kind == RegionKind::static_data) {
    target.kind = PointerTarget::Kind::static_data;
  }
  view.to = target;
}

}  // namespace situ
