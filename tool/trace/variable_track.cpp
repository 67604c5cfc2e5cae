#include "trace/variable_track.h"

#include <algorithm>

namespace situ {
namespace {

bool same_place(const Place& a, const Place& b) {
  return a.kind == b.kind && a.address == b.address && a.reg == b.reg && a.size == b.size && a.why == b.why &&
         a.value == b.value &&
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
    if (variable.places.empty() || !same_place(variable.places.back(), place)) {
      if (!variable.places.empty()) variable.places.back().life.died = step;
      place.life = {step, {}};
      variable.places.push_back(std::move(place));
    }
    const bool was = !variable.in_scope.empty() && !variable.in_scope.back().died;
    if (resolved.in_scope && !was) variable.in_scope.push_back({step, {}});
    if (!resolved.in_scope && was) variable.in_scope.back().died = step;
  }
  std::vector<RegisterValue>& values = recording.frames[frame.value].registers;
  for (RegisterValue& value : values) {
    if (value.life.died) continue;
    const auto now = found.registers.get(value.reg);
    const auto wanted = std::ranges::find(registers, value.reg);
    if (wanted != registers.end() && now == value.value)
      registers.erase(wanted);
    else
      value.life.died = step;
  }
  for (const Reg reg : registers)
    if (const auto value = found.registers.get(reg)) values.push_back({reg, *value, {step, {}}});
}

void VariableTrack::end(Recording& recording, StepIndex step) const {
  for (const auto& id : ids_) {
    if (!id) continue;
    Variable& variable = recording.variables[id->value];
    variable.life.died = step;
    if (!variable.places.empty()) variable.places.back().life.died = step;
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
    if (place.kind == PlaceKind::stack && place.address && (!lowest || *place.address < *lowest))
      lowest = *place.address;
  }
  return lowest;
}

}  // namespace situ
