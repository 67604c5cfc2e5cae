#include "trace/static_track.h"

#include <algorithm>

#include "inspect/places.h"
#include "symbols/location.h"

namespace situ {
namespace {

// A longer read is cheaper than one more.
constexpr std::int64_t largest_gap = 256;
constexpr std::uint64_t longest_range = 64 << 10;  // of a larger variable the beginning is read

bool has_address(const Place& place) {
  return place.address && (place.kind == PlaceKind::static_data ||
                           place.kind == PlaceKind::thread_local_data || place.kind == PlaceKind::memory);
}

bool reads_memory(const LocationExpression& expression) {
  constexpr std::uint8_t deref = 0x06, deref_size = 0x94;  // DWARF 5 §7.7.1
  return std::ranges::any_of(expression,
                             [](const LocationOp& op) { return op.atom == deref || op.atom == deref_size; });
}

void collect_ranges(const Place& place, std::vector<AddressRange>& into) {
  if (has_address(place) && place.size.value_or(0) != 0)
    into.push_back({*place.address, *place.address + std::min(*place.size, longest_range)});
  for (const PlacePiece& piece : place.pieces) collect_ranges(piece.place, into);
}

}  // namespace

Place StaticTrack::place_of(const StaticInfo& info, const Home& home) const {
  const VariableInfo& variable = info.variable;
  const auto size = variable.type ? size_of(*variable.type, recording_.types) : std::nullopt;
  LocationContext context;
  context.memory = home.memory;
  context.bias = home.module->bias;
  context.tls_base = home.block;
  Place place = evaluate(variable.locations.empty() ? LocationExpression{} : variable.locations[0].expression,
                         context, size);
  if (!place.size) place.size = size;
  return place;
}

VariableId StaticTrack::add(const StaticInfo& info, StepIndex step, const Home& home) {
  const VariableInfo& variable = info.variable;
  Variable added;
  added.name = variable.name;
  added.type = variable.type;
  added.kind = variable.kind;
  added.file = variable.file;
  added.line = variable.line;
  added.compiler_made = variable.compiler_made;
  added.life = {step, {}};
  added.places.push_back(place_of(info, home));
  added.places.back().life = {step, {}};
  ranges_are_new_ = true;
  living_.push_back({static_cast<std::uint32_t>(recording_.variables.size())});
  recording_.variables.push_back(std::move(added));
  return living_.back();
}

void StaticTrack::add_module(const LoadedModule& module, StepIndex step, const MemoryReader& memory) {
  ThreadLocals thread_locals{&module, {}, {}};
  for (StaticInfo& info : module.symbols->statics()) {
    if (info.variable.kind == VariableKind::thread_local_data) {
      thread_locals.variables.push_back(std::move(info));
      continue;
    }
    const VariableId id = add(info, step, {&module, {}, &memory});
    const auto& locations = info.variable.locations;
    if (locations.empty() || !reads_memory(locations[0].expression)) continue;
    kept_.push_back(std::move(info));
    moving_.push_back({id, &module, &kept_.back()});
  }
  if (!thread_locals.variables.empty()) thread_locals_.push_back(std::move(thread_locals));
}

void StaticTrack::observe_thread(ThreadId thread, Address thread_pointer, StepIndex step,
                                 const MemoryReader& memory) {
  for (ThreadLocals& locals : thread_locals_) {
    if (std::ranges::find(locals.there, thread) != locals.there.end()) continue;
    const auto block = blocks_.find(*locals.module, thread_pointer, memory);
    if (!block) continue;
    locals.there.push_back(thread);
    for (const StaticInfo& info : locals.variables) {
      const VariableId id = add(info, step, {locals.module, block, &memory});
      recording_.variables[id.value].thread = thread;
    }
  }
}

void StaticTrack::refresh(StepIndex step, const MemoryReader& memory) {
  for (const Moving& moving : moving_) {
    std::vector<Place>& places = recording_.variables[moving.id.value].places;
    Place now = place_of(*moving.info, {moving.module, {}, &memory});
    if (now.kind == places.back().kind && now.address == places.back().address &&
        now.value == places.back().value)
      continue;
    places.back().life.died = step;
    now.life = {step, {}};
    places.push_back(std::move(now));
    ranges_are_new_ = true;
  }
}

void StaticTrack::end_thread(ThreadId thread, StepIndex step) {
  ranges_are_new_ = std::erase_if(living_,
                                  [&](VariableId id) {
                                    Variable& variable = recording_.variables[id.value];
                                    if (variable.thread != thread) return false;
                                    variable.life.died = step;
                                    variable.places.back().life.died = step;
                                    return true;
                                  }) != 0 ||
                    ranges_are_new_;
}

const std::vector<AddressRange>& StaticTrack::ranges() {
  if (!ranges_are_new_) return ranges_;
  ranges_are_new_ = false;
  ranges_.clear();
  std::vector<AddressRange> all;
  for (const VariableId id : living_) collect_ranges(recording_.at(id).places.back(), all);
  std::ranges::sort(all);
  for (const AddressRange& range : all) {
    if (!ranges_.empty()) {
      AddressRange& last = ranges_.back();
      const Address high = std::max(last.high, range.high);
      const bool near = range.low - last.high <= largest_gap && high.value - last.low.value <= longest_range;
      if (near) {
        last.high = high;
        continue;
      }
    }
    ranges_.push_back(range);
  }
  return ranges_;
}

}  // namespace situ
