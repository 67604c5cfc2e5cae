#include "decode/slots.h"

#include <algorithm>

#include "decode/shapes.h"

namespace situ {
namespace {

// Half-open byte ranges as offsets from the CFA.
struct Part {
  std::int64_t low = 0, high = 0;
  Slot slot;
};

enum class CompilerMade { no, yes };

bool overlap(const Part& a, const Part& b) {
  return a.low < b.high && b.low < a.high;
}

void add_fixed(std::vector<Part>& parts, Part part, std::int64_t bottom) {
  part.low = std::max(part.low, bottom);
  if (part.low >= part.high || part.high > 0) return;
  if (std::ranges::none_of(parts, [&](const Part& other) { return overlap(other, part); })) {
    parts.push_back(std::move(part));
  }
}

// A variable's bytes without those of fixed parts; variables that overlap become one slot.
void add_variable(std::vector<Part>& parts, Part part) {
  for (const Part& other : parts) {
    if (!overlap(other, part) || !other.slot.variables.empty()) continue;
    if (other.low <= part.low) part.low = std::min(other.high, part.high);
    if (other.low > part.low) part.high = std::min(part.high, other.low);
  }
  if (part.low >= part.high) return;
  for (auto other = parts.begin(); other != parts.end();) {
    if (!overlap(*other, part) || other->slot.variables.empty()) {
      ++other;
      continue;
    }
    part.low = std::min(part.low, other->low);
    part.high = std::max(part.high, other->high);
    if (other->slot.kind != part.slot.kind) part.slot.kind = SlotKind::local;
    auto& together = part.slot.variables;
    together.insert(together.begin(), other->slot.variables.begin(), other->slot.variables.end());
    parts.erase(other);
    other = parts.begin();  // the union may reach further
  }
  parts.push_back(std::move(part));
}

void add_variables_of(std::vector<Part>& parts, const Recording& recording, const Timeline& timeline,
                      FrameId holder, FrameId physical, StepIndex step, std::int64_t bottom,
                      CompilerMade wanted) {
  for (const VariableId id : timeline.variables_of(holder)) {
    const Variable& variable = recording.at(id);
    if (variable.compiler_made != (wanted == CompilerMade::yes)) continue;
    const Place* place = place_at(variable, step);
    if (!place || place->kind != PlaceKind::stack || !place->cfa_offset) continue;
    if (place->frame && physical_frame(recording, *place->frame) != physical) continue;
    const std::uint64_t size =
        variable.type
            ? recording.at(without_aliases(recording, *variable.type)).size.value_or(place->size.value_or(0))
            : place->size.value_or(0);
    Part part;
    part.low = std::max(*place->cfa_offset, bottom);
    // No slot is larger than the frame: a size from foreign debug info may be.
    part.high = size > static_cast<std::uint64_t>(-bottom)
                    ? 0
                    : std::min<std::int64_t>(*place->cfa_offset + static_cast<std::int64_t>(size), 0);
    if (part.low >= part.high) continue;
    if (variable.compiler_made) {
      add_fixed(parts, part, bottom);  // its bytes are not free, but nobody's by name
      continue;
    }
    part.slot.kind = variable.kind == VariableKind::parameter ? SlotKind::parameter : SlotKind::local;
    part.slot.variables = {id};
    add_variable(parts, part);
  }
}

void add_gap(std::vector<Slot>& slots, std::int64_t low, std::int64_t high, std::int64_t sp) {
  const auto add = [&slots](std::int64_t from, std::int64_t to, SlotKind kind) {
    if (from >= to) return;
    Slot slot;
    slot.offset = from;
    slot.size = static_cast<std::uint64_t>(to - from);
    slot.kind = kind;
    slots.push_back(slot);
  };
  add(std::max(low, sp), high, SlotKind::other);
  add(low, std::min(high, sp), SlotKind::red_zone);
}

}  // namespace

FrameShape frame_shape(const Frame& frame, StepIndex step) {
  if (frame.inlined) return {};
  const FrameExtent* extent = nullptr;
  for (const FrameExtent& e : frame.extents) {
    if (e.life.born <= step) extent = &e;
  }
  return extent ? FrameShape{std::max(extent->size, extent->pushed), extent->pushed} : FrameShape{};
}

std::vector<Slot> frame_slots(const Recording& recording, const Timeline& timeline, FrameId id,
                              StepIndex step, std::span<const FrameId> inlined) {
  const Frame& frame = recording.at(id);
  const FrameShape shape = frame_shape(frame, step);
  constexpr std::uint64_t largest = std::uint64_t{1} << 40;
  if (shape.size == 0 || shape.size > largest) return {};
  const auto bottom = -static_cast<std::int64_t>(shape.size);
  const auto sp = -static_cast<std::int64_t>(shape.pushed);
  std::vector<Part> parts;
  if (frame.return_address) {
    Part part{-8, 0, {}};
    part.slot.kind = SlotKind::return_address;
    add_fixed(parts, part, bottom);
  }
  for (const SavedRegister& saved : frame.saved_registers) {
    if (!saved.life.alive_at(step) && saved.life.died != step) continue;
    Part part{saved.offset, saved.offset + 8, {}};
    part.slot.kind = SlotKind::saved_register;
    part.slot.reg = saved.reg;
    add_fixed(parts, part, bottom);
  }
  for (const CompilerMade made : {CompilerMade::no, CompilerMade::yes}) {
    add_variables_of(parts, recording, timeline, id, id, step, bottom, made);
    for (const FrameId holder : inlined) {
      add_variables_of(parts, recording, timeline, holder, id, step, bottom, made);
    }
  }
  std::ranges::sort(parts, std::ranges::greater{}, &Part::low);
  std::vector<Slot> slots;
  std::int64_t top = 0;
  for (Part& part : parts) {
    add_gap(slots, part.high, top, sp);
    part.slot.offset = part.low;
    part.slot.size = static_cast<std::uint64_t>(part.high - part.low);
    slots.push_back(part.slot);
    top = part.low;
  }
  add_gap(slots, bottom, top, sp);
  return slots;
}

}  // namespace situ
