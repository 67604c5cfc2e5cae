#include "trace/variable_track.h"

#include <algorithm>
#include <cstring>

namespace situ {
namespace {

bool same_place(const Place& a, const Place& b) {
  return a.kind == b.kind && a.address == b.address && a.reg == b.reg && a.size == b.size &&
         a.count == b.count && a.why == b.why && a.value == b.value &&
         std::ranges::equal(a.pieces, b.pieces, [](const PlacePiece& x, const PlacePiece& y) {
           return x.offset == y.offset && same_place(x.place, y.place);
         });
}

bool is_static(const VariableInfo& variable) {
  return variable.kind == VariableKind::static_data || variable.kind == VariableKind::thread_local_data;
}

// The scope of the function, or function inlined in it, in whose own code the variable stands.
std::uint32_t holder_of(const FunctionInfo& function, const VariableInfo& variable) {
  std::uint32_t scope = variable.scope;
  while (scope != 0 && !function.scopes[scope].inlined) scope = function.scopes[scope].parent;
  return scope;
}

void collect_registers(const Place& place, std::vector<Reg>& into) {
  if (place.kind == PlaceKind::reg && place.reg && std::ranges::find(into, *place.reg) == into.end())
    into.push_back(*place.reg);
  for (const PlacePiece& piece : place.pieces) collect_registers(piece.place, into);
}

std::optional<RegisterValue> value_of(const VariableTrack::Found& found, Reg reg) {
  RegisterValue value;
  value.reg = reg;
  if (is_vector(reg)) {
    if (found.vectors == nullptr) return std::nullopt;
    const VectorRegister& bytes =
        (*found.vectors)[static_cast<std::size_t>(reg) - static_cast<std::size_t>(Reg::xmm0)];
    std::memcpy(&value.value, bytes.data(), sizeof value.value);
    std::memcpy(&value.high, bytes.data() + sizeof value.value, sizeof value.high);
    return value;
  }
  const auto general = found.registers.get(reg);
  if (!general) return std::nullopt;
  value.value = *general;
  return value;
}

// Whether the variable is one of an inlined function's whose code does not cover the place.
bool is_elsewhere(const VariableTrack::Found& found, const VariableInfo& variable) {
  const std::vector<Scope>& scopes = found.function.scopes;
  for (std::uint32_t i = variable.scope; i != 0; i = scopes[i].parent) {
    const auto covers = [&](const FileRange& range) { return range.contains(found.lookup); };
    if (scopes[i].inlined && std::ranges::none_of(scopes[i].ranges, covers)) return true;
  }
  return false;
}

}  // namespace

void VariableTrack::begin(Recording& recording, FrameId frame, const FunctionInfo& function,
                          std::uint32_t holder, StepIndex step) {
  ids_.reserve(function.variables.size());
  for (const VariableInfo& info : function.variables) {
    if (is_static(info) || holder_of(function, info) != holder) {
      ids_.emplace_back();
      continue;
    }
    ids_.emplace_back(VariableId{static_cast<std::uint32_t>(recording.variables.size())});
    recording.variables.push_back({.frame = frame,
                                   .name = info.name,
                                   .type = info.type,
                                   .kind = info.kind,
                                   .file = info.file,
                                   .line = info.line,
                                   .compiler_made = info.compiler_made,
                                   .scope_depth = function.scopes[info.scope].depth,
                                   .places = {},
                                   .in_scope = {},
                                   .life = {step, {}}});
  }
}

void VariableTrack::refresh(Recording& recording, FrameId frame, const Found& found, StepIndex step) {
  std::vector<Reg> registers;
  for (ResolvedPlace& resolved : found.places) {
    if (!ids_[resolved.variable]) continue;
    Variable& variable = recording.variables[ids_[resolved.variable]->value];
    Place& place = resolved.place;
    if (place.kind == PlaceKind::stack) place.frame = found.physical;
    collect_registers(place, registers);
    const bool placed = !variable.places.empty() && !variable.places.back().life.died;
    if (!placed || !same_place(variable.places.back(), place)) {
      if (placed) variable.places.back().life.died = step;
      place.life = {step, {}};
      variable.places.push_back(std::move(place));
    }
    const bool was = !variable.in_scope.empty() && !variable.in_scope.back().died;
    if (resolved.in_scope && !was) variable.in_scope.push_back({step, {}});
    if (!resolved.in_scope && was) variable.in_scope.back().died = step;
  }
  leave_inlined(recording, found, step);
  std::vector<RegisterValue>& values = recording.frames[frame.value].registers;
  for (RegisterValue& value : values) {
    if (value.life.died) continue;
    const auto now = value_of(found, value.reg);
    const auto wanted = std::ranges::find(registers, value.reg);
    if (wanted != registers.end() && now && now->value == value.value && now->high == value.high)
      registers.erase(wanted);
    else
      value.life.died = step;
  }
  for (const Reg reg : registers)
    if (auto value = value_of(found, reg)) {
      value->life.born = step;
      values.push_back(*value);
    }
}

void VariableTrack::leave_inlined(Recording& recording, const Found& found, StepIndex step) const {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    if (!ids_[i]) continue;
    Variable& variable = recording.variables[ids_[i]->value];
    const bool scoped = !variable.in_scope.empty() && !variable.in_scope.back().died;
    const bool placed = !variable.places.empty() && !variable.places.back().life.died;
    if ((!scoped && !placed) || !is_elsewhere(found, found.function.variables[i])) continue;
    if (scoped) variable.in_scope.back().died = step;
    if (placed) variable.places.back().life.died = step;
  }
}

void VariableTrack::end(Recording& recording, StepIndex step) const {
  for (const auto& id : ids_) {
    if (!id) continue;
    Variable& variable = recording.variables[id->value];
    variable.life.died = step;
    if (!variable.places.empty() && !variable.places.back().life.died)
      variable.places.back().life.died = step;
    if (!variable.in_scope.empty() && !variable.in_scope.back().died) variable.in_scope.back().died = step;
  }
}

std::optional<Address> VariableTrack::lowest_slot(const Recording& recording) const {
  std::optional<Address> lowest;
  for (const auto& id : ids_) {
    if (!id) continue;
    const Variable& variable = recording.variables[id->value];
    if (variable.places.empty()) continue;
    const Place& place = variable.places.back();
    if (place.life.died) continue;
    if (place.kind == PlaceKind::stack && place.address && (!lowest || *place.address < *lowest))
      lowest = *place.address;
  }
  return lowest;
}

}  // namespace situ
