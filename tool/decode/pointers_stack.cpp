// Where stack addresses lead: into a living frame's variable, or into a frame that has been popped.
#include <algorithm>
#include <cstring>

#include "decode/pointers.h"
#include "decode/shapes.h"
#include "decode/slots.h"
#include "decode/variables.h"

namespace situ {
namespace {

// A leaf function may use this much below sp without moving it (psABI x86-64 §3.2.2).
constexpr std::uint64_t red_zone_size = 128;
// How many frames back the popped one is looked for.
constexpr std::size_t dead_frames_tried = 20'000;
// Of a variable or block, in the search for a pointer to a pointer.
constexpr std::uint64_t bytes_searched = 4096;

bool is_stack(RegionKind kind) {
  return kind == RegionKind::stack || kind == RegionKind::alternate_stack;
}

bool same_type(const Recording& recording, TypeId a, TypeId b) {
  const TypeId x = without_aliases(recording, a), y = without_aliases(recording, b);
  return x == y || (!recording.at(x).name.empty() && recording.at(x).name == recording.at(y).name);
}

// Whether something of type `wanted` begins at the offset in a value of type `outer`.
bool begins_in(const Recording& recording, TypeId outer, std::uint64_t offset, TypeId wanted) {
  for (int depth = 0; depth < 16; ++depth) {
    if (offset == 0 && same_type(recording, outer, wanted)) return true;
    const Type& type = recording.at(without_aliases(recording, outer));
    if (type.kind == TypeKind::array && type.element) {
      const std::uint64_t size = recording.at(without_aliases(recording, *type.element)).size.value_or(0);
      if (size == 0) return false;
      offset %= size;
      outer = *type.element;
      continue;
    }
    const auto inside = std::ranges::find_if(type.fields, [&](const Field& field) {
      const std::uint64_t size = recording.at(without_aliases(recording, field.type)).size.value_or(0);
      return field.offset <= offset && offset - field.offset < size;
    });
    if (inside == type.fields.end()) return false;
    offset -= inside->offset;
    outer = inside->type;
  }
  return false;
}

bool holds_word(const Recording& recording, Address from, std::uint64_t size, StepIndex step, Address word) {
  std::vector<std::byte> bytes(std::min(size, bytes_searched));
  bytes.resize(recording.memory.read(step, from, bytes));
  for (std::size_t i = 0; i + sizeof word.value <= bytes.size(); i += sizeof word.value) {
    std::uint64_t here = 0;
    std::memcpy(&here, bytes.data() + i, sizeof here);
    if (here == word.value) return true;
  }
  return false;
}

bool is_bare(const Type& type) {
  return type.kind == TypeKind::pointer || type.kind == TypeKind::reference ||
         type.kind == TypeKind::rvalue_reference;
}

bool overlaps(const Lifetime& life, StepIndex first, StepIndex last) {
  return life.born <= last && (!life.died || *life.died >= first);
}

}  // namespace

std::vector<CallSite> PointerJudge::call_sites(FrameId frame) const {
  std::vector<CallSite> sites;
  for (std::optional<FrameId> id = frame; id && sites.size() < 64; id = recording_.at(*id).caller) {
    if (const auto& site = recording_.at(*id).call_site) sites.push_back(*site);
  }
  return sites;
}

PointerTarget PointerJudge::frame_target(FrameId id, Address address, StepIndex at) const {
  const Frame& frame = recording_.at(id);
  PointerTarget target;
  target.kind = PointerTarget::Kind::frame;
  target.frame = id;
  target.offset =
      static_cast<std::uint64_t>(address - frame.cfa);  // below the CFA: negative, as two's complement
  std::uint64_t smallest = ~std::uint64_t{0};
  const auto consider = [&](FrameId holder) {
    for (const VariableId v : timeline_.variables_of(holder)) {
      const Variable& variable = recording_.at(v);
      const Place* place = place_at(variable, at);
      if (!place && !variable.places.empty()) place = &variable.places.back();
      if (variable.compiler_made || !place || place->kind != PlaceKind::stack || !place->address) continue;
      const std::uint64_t size =
          variable.type ? recording_.at(without_aliases(recording_, *variable.type)).size.value_or(0)
                        : place->size.value_or(0);
      const auto offset = static_cast<std::uint64_t>(address - *place->address);
      if (offset >= size || size > smallest) continue;
      smallest = size;
      target.kind = PointerTarget::Kind::variable;
      target.variable = v;
      target.offset = offset;
      target.path = variable.type ? path_inside(recording_, *variable.type, offset) : "";
    }
  };
  consider(id);
  for (const FrameId callee : timeline_.callees_of(id)) {
    if (recording_.at(callee).inlined) consider(callee);
  }
  return target;
}

// Whether a variable, register or block that lived since then held the word's address and the source names
// it: the word may have been written through that one.
bool PointerJudge::rewritten_through_another(Rewrites::Question question, Address word) {
  const StepIndex since = question.since;
  const auto last_of = [&](const Lifetime& life) {
    return !life.died || *life.died > step_ ? step_ : *life.died > life.born ? *life.died - 1 : life.born;
  };
  question.only_by_name = false;
  question.plain = false;
  for (const Variable& variable : recording_.variables) {
    if (!overlaps(variable.life, since, step_)) continue;
    for (const Place& place : variable.places) {
      if (!place.address || !overlaps(place.life, since, step_)) continue;
      const std::uint64_t size =
          variable.type ? recording_.at(without_aliases(recording_, *variable.type)).size.value_or(8) : 8;
      if (!holds_word(recording_, *place.address, size, last_of(place.life), word)) continue;
      const bool bare = variable.type && is_bare(recording_.at(without_aliases(recording_, *variable.type)));
      question.name = variable.name;
      if (!bare || rewrites_.may_be_rewritten(question)) return true;
    }
  }
  for (const Frame& frame : recording_.frames) {
    if (!overlaps(frame.life, since, step_)) continue;
    for (const RegisterValue& r : frame.registers) {
      if (r.value == word.value && overlaps(r.life, since, step_)) return true;
    }
  }
  return std::ranges::any_of(recording_.blocks, [&](const Block& block) {
    if (!overlaps(block.life, since, step_) || block.sizes.empty()) return false;
    return holds_word(recording_, block.address, block.sizes.back().requested, last_of(block.life), word);
  });
}

// One past the end of an array of what the pointer points to, where nothing begins that it could mean.
bool PointerJudge::past_array(PointerView& view, const FoundPointer& found, FrameId frame) const {
  const bool plain = found.kind == PointerKind::raw || found.kind == PointerKind::borrow;
  if (!plain || !found.pointee || !view.to) return false;
  if (view.to->variable) {
    const auto& type = recording_.at(*view.to->variable).type;
    if (view.to->offset > 0 || !type || begins_in(recording_, *type, 0, *found.pointee)) return false;
  }
  for (const VariableId id : timeline_.variables_of(frame)) {
    const Variable& variable = recording_.at(id);
    const Place* place = place_at(variable, step_);
    if (!variable.type || !place || place->kind != PlaceKind::stack || !place->address) continue;
    const Type& array = recording_.at(without_aliases(recording_, *variable.type));
    if (array.kind != TypeKind::array || !array.element || !array.size || *array.size == 0) continue;
    if (*place->address + *array.size != found.address) continue;
    if (!same_type(recording_, *array.element, *found.pointee)) continue;
    PointerTarget target;
    target.kind = PointerTarget::Kind::variable;
    target.variable = id;
    target.offset = *array.size;
    view.state = PointerState::past_end;
    view.to = target;
    return true;
  }
  return false;
}

bool PointerJudge::on_stack(PointerView& view, const FoundPointer& found, const PointerHolder& holder) {
  const auto region = region_at(found.address);
  if (!region || !is_stack(recording_.at(*region).kind)) return false;
  const AddressRange stack = recording_.at(*region).range;
  const StackFrame *around = nullptr, *top = nullptr;
  for (const StackFrame& frame : frames_) {
    if (!stack.contains(frame.cfa - 8)) continue;
    if (!top) top = &frame;
    if (found.address < frame.cfa) {
      around = &frame;
      break;
    }
  }
  if (!around) {  // above the outermost frame, or a stack without frames
    elsewhere(view);
    return true;
  }
  const auto written = written_at(found, holder);
  const bool below = around == top && found.address < around->low;
  const bool leaf = below && timeline_.callees_of(around->id).empty() &&
                    static_cast<std::uint64_t>(around->sp - found.address) <= red_zone_size;
  const auto popped = [&] { return dead_frame(found.address, stack, written); };
  // Only later did the frame reach down to here, while a callee runs that is no frame of its own.
  const bool reached = written && recording_.at(around->id).life.born <= *written &&
                       found.address < around->cfa - frame_shape(recording_.at(around->id), *written).size;
  const bool gone =
      below ? !leaf || (written && popped())
            : (reached && popped()) || entered_later(around->id, holder, written) ||
                  stale(found, holder, recording_.at(around->id).life.born, nullptr, call_sites(around->id));
  if (gone) {
    view.state = PointerState::dangling_frame;
    if (const auto dead = popped())
      view.to = frame_target(*dead, view.address, *recording_.at(*dead).life.died);
    return true;
  }
  view.state = PointerState::valid;
  view.to = frame_target(around->id, found.address, step_);
  past_array(view, found, around->id);
  return true;
}

// The pointer was seen first where this function had been entered and none of its code had run: it is older.
bool PointerJudge::entered_later(FrameId id, const PointerHolder& holder,
                                 std::optional<StepIndex> written) const {
  const Frame& frame = recording_.at(id);
  if (!frame.user || written != frame.life.born) return false;
  const Step& entered = recording_.steps[frame.life.born];
  if (entered.cause != Cause::call || entered.frame != id) return false;
  const auto own = holder.variable ? recording_.at(*holder.variable).frame : std::nullopt;
  return !own || recording_.at(*own).life.born < frame.life.born;
}

// The frame that was there when the pointer was made, or, where that is not known, the latest.
std::optional<FrameId> PointerJudge::dead_frame(Address address, AddressRange stack,
                                                std::optional<StepIndex> written) const {
  std::size_t tried = 0;
  std::optional<FrameId> latest;
  for (auto i = recording_.frames.size(); i-- > 0 && tried < dead_frames_tried; ++tried) {
    const Frame& frame = recording_.frames[i];
    const auto died = frame.life.died;
    if (frame.inlined || !died || *died > step_ || !stack.contains(frame.cfa - 8)) continue;
    if (written && frame.life.born > *written) continue;
    const FrameShape shape = frame_shape(frame, *died);
    if (address < frame.cfa - shape.size || address >= frame.cfa) continue;
    if (!latest || *died > *recording_.at(*latest).life.died) latest = FrameId{static_cast<std::uint32_t>(i)};
  }
  return latest;
}

}  // namespace situ
