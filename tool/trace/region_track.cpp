#include "trace/region_track.h"

#include <algorithm>

namespace situ {
namespace {

struct Found {
  RegionKind kind;
  AddressRange range;
  std::optional<ThreadId> thread;
  std::optional<ModuleId> module;
};

RegionKind kind_of(const Mapping& mapping, bool in_module) {
  if (mapping.path == "[heap]") return RegionKind::heap;
  if (mapping.path == "[stack]") return RegionKind::stack;
  if (mapping.path.starts_with("[v")) return RegionKind::vdso;  // [vdso], [vvar], [vvar_vclock], [vsyscall]
  if (!mapping.readable && !mapping.writable && !mapping.executable) return RegionKind::guard;
  if (mapping.executable) return RegionKind::code;
  if (in_module) return mapping.writable ? RegionKind::static_data : RegionKind::read_only;
  return mapping.path.empty() || mapping.writable ? RegionKind::mapped : RegionKind::read_only;
}

// glibc's thread arenas are heaps of 64 MiB, aligned to their size (malloc/arena.c, HEAP_MAX_SIZE); each
// begins with a heap_info whose first word points to an arena inside it or, for a further heap, to another.
// The protection of the rest of the reservation tells: a rw part at an aligned start, followed by a PROT_NONE
// part.
bool begins_arena(const Mapping& mapping, const Mapping* next) {
  constexpr std::uint64_t heap_max = 64ULL << 20;
  return mapping.path.empty() && mapping.writable && mapping.range.low.value % heap_max == 0 && next &&
         next->path.empty() && !next->readable && next->range.low == mapping.range.high &&
         next->range.high.value % heap_max == 0;
}

std::vector<Found> classify(const std::vector<Mapping>& maps, const ModuleMap& modules,
                            const std::vector<StackPointer>& stack_pointers,
                            const std::vector<AddressRange>& hidden) {
  std::vector<Found> found;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    const Mapping& mapping = maps[i];
    if (std::ranges::any_of(hidden,
                            [&](const AddressRange& range) { return range.contains(mapping.range.low); }))
      continue;
    const LoadedModule* module = modules.find(mapping.range.low);
    const Mapping* next = i + 1 < maps.size() ? &maps[i + 1] : nullptr;
    Found region{kind_of(mapping, module != nullptr), mapping.range, {}, {}};
    if (module) region.module = module->id;
    if (!module && begins_arena(mapping, next)) region.kind = RegionKind::arena;
    for (const StackPointer& pointer : stack_pointers)
      if (mapping.range.contains(pointer.sp) && region.kind != RegionKind::heap &&
          region.kind != RegionKind::static_data) {
        if (region.kind != RegionKind::stack) region.kind = RegionKind::stack;
        region.thread = pointer.thread;
      }
    if (mapping.path == "[stack]") region.thread = ThreadId{0};
    found.push_back(region);
  }
  return found;
}

}  // namespace

void RegionTrack::refresh(StepIndex step, const std::vector<Mapping>& maps, const ModuleMap& modules,
                          const std::vector<StackPointer>& stack_pointers,
                          const std::vector<AddressRange>& hidden) {
  std::vector<RegionId> now;
  const std::vector<Found> all = classify(maps, modules, stack_pointers, hidden);
  std::erase_if(alternates_, [&](RegionId id) {
    Region& region = recording_.regions[id.value];
    const bool mapped = std::ranges::any_of(all, [&](const Found& found) {
      return found.kind != RegionKind::guard && found.range.contains(region.range.low);
    });
    if (!mapped) region.life.died = step;
    return !mapped;
  });
  for (const Found& found : all) {
    // A mapping made for an alternate stack alone is that stack.
    if (std::ranges::any_of(alternates_, [&](RegionId id) { return recording_.at(id).range == found.range; }))
      continue;
    const auto same = std::ranges::find_if(living_, [&](RegionId id) {
      const Region& region = recording_.regions[id.value];
      const bool stack_stays = region.kind == RegionKind::stack;
      // Stacks keep their kind when their thread is elsewhere for a moment; stacks and heaps grow at one end.
      return region.range.low < found.range.high && found.range.low < region.range.high &&
             (region.kind == found.kind || (stack_stays && found.kind == RegionKind::mapped));
    });
    if (same != living_.end() && std::ranges::find(now, *same) == now.end()) {
      Region& region = recording_.regions[same->value];
      region.range = found.range;
      now.push_back(*same);
      continue;
    }
    now.push_back(begin({found.kind, found.range, found.thread, found.module, {step, {}}}));
  }
  for (const RegionId id : living_)
    if (std::ranges::find(now, id) == now.end()) recording_.regions[id.value].life.died = step;
  living_ = std::move(now);
}

RegionId RegionTrack::begin(const Region& region) {
  const RegionId id{static_cast<std::uint32_t>(recording_.regions.size())};
  const bool stack = region.kind == RegionKind::stack || region.kind == RegionKind::alternate_stack;
  if (stack && region.thread) recording_.threads[region.thread->value].stacks.push_back(id);
  recording_.regions.push_back(region);
  return id;
}

void RegionTrack::see_alternate_stack(StepIndex step, ThreadId thread, AddressRange range) {
  for (const RegionId id : alternates_)
    if (recording_.at(id).thread == thread && recording_.at(id).range == range) return;
  end_alternate_stack(step, thread);
  std::erase_if(living_, [&](RegionId id) {
    Region& region = recording_.regions[id.value];
    if (region.range != range) return false;
    region.life.died = step;
    return true;
  });
  alternates_.push_back(begin({RegionKind::alternate_stack, range, thread, {}, {step, {}}}));
}

void RegionTrack::see_stack_pointer(StepIndex step, ThreadId thread, Address sp) {
  for (const RegionId id : alternates_) {
    const Region& alternate = recording_.at(id);
    if (alternate.thread != thread || sp < alternate.range.high) continue;
    const auto around = std::ranges::find_if(
        living_, [&](RegionId living) { return recording_.at(living).range.contains(alternate.range.low); });
    if (around == living_.end() || recording_.at(*around).kind != RegionKind::stack ||
        !recording_.at(*around).range.contains(sp))
      continue;
    return end_alternate_stack(step, thread);
  }
}

void RegionTrack::end_alternate_stack(StepIndex step, ThreadId thread) {
  std::erase_if(alternates_, [&](RegionId id) {
    Region& region = recording_.regions[id.value];
    if (region.thread != thread) return false;
    region.life.died = step;
    return true;
  });
}

std::optional<RegionId> RegionTrack::at(Address a) const {
  for (const RegionId id : alternates_)
    if (recording_.at(id).range.contains(a)) return id;
  for (const RegionId id : living_)
    if (recording_.regions[id.value].range.contains(a)) return id;
  return std::nullopt;
}

// A stack pointer at an alternate stack's very start is not on it (kernel include/linux/sched/signal.h,
// __on_sig_stack): an array at the end of a frame begins where that frame's sp is.
std::optional<RegionId> RegionTrack::stack_at(Address a) const {
  for (const RegionId id : living_)
    if (recording_.at(id).kind == RegionKind::stack && recording_.at(id).range.contains(a) &&
        std::ranges::any_of(alternates_, [&](RegionId other) { return recording_.at(other).range.low == a; }))
      return id;
  const auto id = at(a);
  if (!id) return std::nullopt;
  const RegionKind kind = recording_.regions[id->value].kind;
  return kind == RegionKind::stack || kind == RegionKind::alternate_stack ? id : std::nullopt;
}

}  // namespace situ
