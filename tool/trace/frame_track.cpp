#include "trace/frame_track.h"

#include <algorithm>

#include "trace/heap_watch.h"

namespace situ {
namespace {

// Whether a frame of `frame_stack` is over when the thread's sp stands at `sp` of `sp_stack`. A frame on
// another stack than sp's is suspended, unless a frame on sp's stack called it (then its stack was left: a
// signal handler on its own stack returned).
bool is_over(const ThreadTrack& track, std::size_t index, Address sp, std::optional<RegionId> sp_stack) {
  const TrackedFrame& frame = track.frames[index];
  // The CFA of a trampoline is where the signal interrupted: on another stack, if it is on an alternate one.
  if (frame.stack == sp_stack && frame.leads_to_other_stack) return false;
  if (frame.stack == sp_stack) return sp >= frame.raw.cfa;
  return std::any_of(
      track.frames.begin(), track.frames.begin() + static_cast<std::ptrdiff_t>(index),
      [&](const TrackedFrame& outer) { return outer.stack == sp_stack && sp < outer.raw.cfa; });
}

bool same_function(const CodePlace& a, const CodePlace& b) {
  return a.function == b.function && a.module == b.module;
}

}  // namespace

void FrameTracker::end(TrackedFrame& tracked, StepIndex step, std::optional<EndedBy> reason) const {
  for (; !tracked.inlined.empty(); tracked.inlined.pop_back())
    end_inlined(tracked.inlined.back(), step, reason);
  Frame& frame = recording_.frames[tracked.id.value];
  frame.life.died = step;
  frame.ended_by = reason;
  if (!frame.extents.empty()) frame.extents.back().life.died = step;
  for (SavedRegister& saved : frame.saved_registers)
    if (!saved.life.died) saved.life.died = step;
  for (RegisterValue& value : frame.registers)
    if (!value.life.died) value.life.died = step;
  tracked.variables.end(recording_, step);
}

void FrameTracker::end_inlined(TrackedInline& inlined, StepIndex step, std::optional<EndedBy> reason) const {
  Frame& frame = recording_.frames[inlined.id.value];
  frame.life.died = step;
  frame.ended_by = reason;
  for (RegisterValue& value : frame.registers)
    if (!value.life.died) value.life.died = step;
  inlined.variables.end(recording_, step);
}

void FrameTracker::pop_dead(ThreadTrack& track, StepIndex step, Address sp,
                            std::optional<EndedBy> reason_at_sp) const {
  const std::optional<RegionId> stack = regions_.stack_at(sp);
  while (!track.frames.empty() && is_over(track, track.frames.size() - 1, sp, stack)) {
    TrackedFrame& top = track.frames.back();
    const bool at_sp = reason_at_sp && top.raw.cfa == sp;
    end(top, step, at_sp ? reason_at_sp : top.code.user_function ? track.ending : std::nullopt);
    track.frames.pop_back();
  }
  std::erase_if(track.entered, [&](const Entered& entered) {
    return sp >= entered.cfa && regions_.stack_at(entered.cfa - 8) == stack;
  });
}

void FrameTracker::end_all(ThreadTrack& track, StepIndex step, EndedBy reason) const {
  for (; !track.frames.empty(); track.frames.pop_back()) end(track.frames.back(), step, reason);
}

// The unwinder got stuck (behind clone3's system call there is no call frame information, say). sp has not
// passed the known frames, so they live; what was found above the innermost of the user's is kept as far as
// it has a place.
void FrameTracker::keep_what_lives(const ThreadTrack& track, Chain& chain) {
  const auto user = std::find_if(track.frames.rbegin(), track.frames.rend(),
                                 [](const TrackedFrame& f) { return f.code.user_function != nullptr; });
  if (user == track.frames.rend()) return;
  const bool replaced =
      std::ranges::any_of(track.entered, [&](const Entered& e) { return e.cfa == user->raw.cfa; });
  if (replaced) return;
  chain.kept = static_cast<std::size_t>(track.frames.rend() - user);
  std::erase_if(chain.frames, [&](const RawFrame& f) { return !f.cfa || f.cfa >= user->raw.cfa; });
}

// The outermost function (_start) says that it has no caller, and nothing of its own pushes: its CFA as
// computed from the call it makes is not the one it had at its entry. There is one such frame on a stack.
void FrameTracker::join_outermost(const ThreadTrack& track, Chain& chain) const {
  if (track.frames.empty() || chain.frames.empty()) return;
  const TrackedFrame& tracked = track.frames.front();
  RawFrame& last = chain.frames.back();
  if (!last.cfa || last.return_address || tracked.raw.return_address ||
      last.found_by != tracked.raw.found_by || tracked.stack != regions_.stack_at(last.registers.sp()) ||
      !same_function(tracked.code, names_.at(last.lookup_address())))
    return;
  last.cfa = tracked.raw.cfa;
  chain.joins = true;
  chain.kept = 1;
}

// Whether a known frame's callers up to the innermost of the user's, whose life is followed, are still what
// they were: library frames come and go unseen, and another one of the same size leaves its CFA the same.
bool FrameTracker::has_same_callers(const ThreadTrack& track, std::size_t index, const MemoryReader& memory) {
  for (std::size_t i = index + 1; i-- > 0;) {
    const TrackedFrame& frame = track.frames[i];
    if (frame.code.user_function || !frame.raw.cfa || !frame.raw.return_address) return true;
    if (frame.raw.signal_frame) continue;  // its caller's pc stands among the saved registers
    const auto back = memory.read_value<std::uint64_t>(frame.raw.cfa - 8);
    if (back && Address{*back} != frame.raw.return_address) return false;
  }
  return true;
}

Chain FrameTracker::unwind(const ThreadTrack& track, const Observation& observation) const {
  Chain chain;
  // Innermost tracked frame not yet passed by the unwinder; frames above it were not seen again.
  std::size_t left = track.frames.size();
  const auto known = [&](const RawFrame& raw) {
    const std::optional<RegionId> stack = regions_.stack_at(raw.registers.sp());
    while (left > 0 && track.frames[left - 1].stack == stack && track.frames[left - 1].raw.cfa < raw.cfa)
      --left;
    if (left == 0) return false;
    const TrackedFrame& candidate = track.frames[left - 1];
    RawFrame placed = raw;
    if (raw.innermost && observation.pc_is_return_address) placed.exact_pc = false;
    if (candidate.raw.cfa != raw.cfa || !same_function(candidate.code, names_.at(placed.lookup_address())) ||
        !has_same_callers(track, left - 1, *observation.memory))
      return false;
    // An entry with this CFA that has no frame yet: another activation took the place of the tracked one.
    return chain.joins =
               std::ranges::none_of(track.entered, [&](const Entered& e) { return e.cfa == raw.cfa; });
  };
  chain.frames = unwinder_.unwind(observation.registers, *observation.memory, known);
  if (!chain.frames.empty() && observation.pc_is_return_address) chain.frames.front().exact_pc = false;
  chain.kept = chain.joins ? left : 0;
  if (!chain.joins) join_outermost(track, chain);
  if (!chain.joins) keep_what_lives(track, chain);
  return chain;
}

bool FrameTracker::has_user_frame(const ThreadTrack& track, const Chain& chain) const {
  return std::ranges::any_of(
             chain.frames, [&](const RawFrame& f) { return names_.at(f.lookup_address()).user_function; }) ||
         std::any_of(track.frames.begin(), track.frames.begin() + static_cast<std::ptrdiff_t>(chain.kept),
                     [](const TrackedFrame& f) { return f.code.user_function; });
}

std::vector<StackLine> FrameTracker::stack_lines(const ThreadTrack& track, const Chain& chain) const {
  std::vector<StackLine> lines;
  const auto add = [&](const RawFrame& raw) {
    StackLine line{names_.at(raw.lookup_address()).function, {}, 0, raw.pc()};
    if (const auto& source = names_.line_at(raw.lookup_address())) {
      line.file = source->file;
      line.line = source->line;
    }
    const std::optional<FunctionId> physical = line.function;
    const std::vector<InlinedCall>& inlined = names_.inlined_at(raw.lookup_address());
    for (auto call = inlined.rbegin(); call != inlined.rend(); ++call) {
      line.function = call->function;
      lines.push_back(line);
      line.file = call->call_site.file;
      line.line = call->call_site.line;
    }
    line.function = physical;
    lines.push_back(std::move(line));
  };
  for (const RawFrame& raw : chain.frames)
    if (!HeapWatch::is_probe_code(raw.pc())) add(raw);
  for (std::size_t i = chain.kept - (chain.joins ? 1 : 0); i-- > 0;) add(track.frames[i].raw);
  return lines;
}

void FrameTracker::observe(ThreadTrack& track, const Observation& observation, const Chain& chain) {
  track.last_registers = observation.registers;
  for (; track.frames.size() > chain.kept; track.frames.pop_back()) {
    const TrackedFrame& top = track.frames.back();
    const bool replaced = std::ranges::any_of(
        track.entered, [&](const Entered& e) { return e.replaces_top && e.cfa == top.raw.cfa; });
    const bool user = top.code.user_function != nullptr;
    end(track.frames.back(), observation.step,
        replaced ? std::optional(EndedBy::tail_call)
        : user   ? track.ending
                 : std::nullopt);
  }
  std::size_t fresh = chain.frames.size();  // frames [0, fresh) are new
  if (chain.joins) {
    --fresh;
    TrackedFrame& kept = track.frames.back();
    const bool moved = kept.raw.pc() != chain.frames[fresh].pc() || fresh == 0;
    kept.raw = chain.frames[fresh];
    if (moved) refresh(track, kept, observation);
  }
  for (std::size_t i = fresh; i-- > 0;) {
    if (!chain.frames[i].cfa || HeapWatch::is_probe_code(chain.frames[i].pc())) continue;
    const TrackedFrame* caller = track.frames.empty() ? nullptr : &track.frames.back();
    TrackedFrame next = begin(track, chain.frames[i], observation, caller);
    track.frames.push_back(std::move(next));
  }
}

TrackedFrame FrameTracker::begin(ThreadTrack& track, const RawFrame& raw, const Observation& observation,
                                 const TrackedFrame* caller) {
  const CodePlace code = names_.at(raw.lookup_address());
  TrackedFrame tracked;
  tracked.id = {static_cast<std::uint32_t>(recording_.frames.size())};
  tracked.raw = raw;
  tracked.code = code;
  tracked.stack = regions_.stack_at(raw.registers.sp());
  tracked.leads_to_other_stack = raw.signal_frame && regions_.stack_at(raw.cfa) != tracked.stack;

  Frame frame;
  frame.thread = track.id;
  frame.stack = tracked.stack;
  if (!track.frames.empty()) frame.depth = recording_.at(track.frames.back().innermost()).depth + 1;
  frame.function = code.function;
  frame.user = code.user_function != nullptr;
  frame.cfa = raw.cfa;
  if (raw.return_address) frame.return_address = raw.return_address;
  frame.found_by = raw.found_by;
  frame.life = {observation.step, {}};
  if (caller) {
    frame.caller = caller->innermost();
    frame.signal_handler = caller->raw.signal_frame;
    if (const auto& line = names_.line_at(caller->raw.lookup_address()))
      frame.call_site = CallSite{line->file, line->line};
  }
  const auto entry = std::ranges::find_if(
      track.entered, [&](const Entered& e) { return e.cfa == raw.cfa && e.function == code.user_function; });
  if (entry != track.entered.end()) {
    frame.at_entry = entry->registers;
    frame.marks = std::move(entry->marks);
    track.entered.erase(entry);
  }
  recording_.frames.push_back(std::move(frame));
  if (code.user_function) {
    track.saw_user_frame = true;
    tracked.variables.begin(recording_, tracked.id, *code.user_function, 0, observation.step);
  }
  refresh(track, tracked, observation);
  return tracked;
}

TrackedInline FrameTracker::begin_inlined(const TrackedFrame& physical, const InlinedCall& call,
                                          StepIndex step) {
  TrackedInline inlined{{static_cast<std::uint32_t>(recording_.frames.size())}, call, {}};
  const Frame& outer = recording_.at(physical.innermost());
  Frame frame;
  frame.thread = outer.thread;
  frame.stack = physical.stack;
  frame.depth = outer.depth + 1;
  frame.function = call.function;
  frame.inlined = true;
  frame.user = true;
  frame.cfa = physical.raw.cfa;
  frame.caller = physical.innermost();
  frame.call_site = call.call_site;
  frame.found_by = outer.found_by;
  frame.life = {step, {}};
  recording_.frames.push_back(std::move(frame));
  inlined.variables.begin(recording_, inlined.id, *physical.code.user_function, call.scope, step);
  return inlined;
}

void FrameTracker::refresh_inlined(const ThreadTrack& track, TrackedFrame& tracked, StepIndex step) {
  const std::vector<InlinedCall>& now = names_.inlined_at(tracked.raw.lookup_address());
  std::size_t same = 0;
  while (same < now.size() && same < tracked.inlined.size() &&
         tracked.inlined[same].call.scope == now[same].scope)
    ++same;
  for (; tracked.inlined.size() > same; tracked.inlined.pop_back())
    end_inlined(tracked.inlined.back(), step, track.ending.value_or(EndedBy::returned));
  for (; same < now.size(); ++same) tracked.inlined.push_back(begin_inlined(tracked, now[same], step));
}

void FrameTracker::refresh_variables(pid_t tid, TrackedFrame& tracked, const Observation& observation) {
  const std::optional<Registers> at_entry = recording_.frames[tracked.id.value].at_entry;
  PlaceQuery query{.function = tracked.code.user_function,
                   .module = tracked.code.module,
                   .frame = &tracked.raw,
                   .at_entry = at_entry ? &*at_entry : nullptr,
                   .memory = observation.memory,
                   .thread_pointer = observation.thread_pointer,
                   .vectors = nullptr};
  std::optional<VectorRegisters> vectors;
  if (tracked.raw.innermost && read_vectors_ && needs_vectors(query)) vectors = read_vectors_(tid);
  if (vectors) query.vectors = &*vectors;
  std::vector<ResolvedPlace> places = resolve_places(query, recording_.types);
  const VariableTrack::Found found{places,          tracked.raw.registers,
                                   query.vectors,   tracked.id,
                                   *query.function, query.module->to_file(tracked.raw.lookup_address())};
  tracked.variables.refresh(recording_, tracked.id, found, observation.step);
  for (TrackedInline& inlined : tracked.inlined)
    inlined.variables.refresh(recording_, inlined.id, found, observation.step);
}

void FrameTracker::refresh(ThreadTrack& track, TrackedFrame& tracked, const Observation& observation) {
  if (tracked.code.user_function) {
    refresh_inlined(track, tracked, observation.step);
    refresh_variables(track.tid, tracked, observation);
  }
  Frame& frame = recording_.frames[tracked.id.value];
  // Saved registers: those stored now; a slot stays until the frame ends or the register is stored elsewhere.
  for (const SavedAt& saved : tracked.raw.saved) {
    const std::int64_t offset = saved.at - tracked.raw.cfa;
    const bool there = std::ranges::any_of(frame.saved_registers, [&](const SavedRegister& s) {
      return s.reg == saved.reg && s.offset == offset && !s.life.died;
    });
    if (!there) frame.saved_registers.push_back({saved.reg, offset, {observation.step, {}}});
  }
  const Address sp = tracked.raw.registers.sp();
  if (!tracked.raw.cfa || sp > tracked.raw.cfa || tracked.leads_to_other_stack) return;
  Address low = sp;
  const auto take_in = [&](const VariableTrack& variables) {
    if (const auto slot = variables.lowest_slot(recording_); slot && *slot < low) low = *slot;
  };
  take_in(tracked.variables);
  for (const TrackedInline& inlined : tracked.inlined) take_in(inlined.variables);
  const auto pushed = static_cast<std::uint64_t>(tracked.raw.cfa - sp);
  const auto size = static_cast<std::uint64_t>(tracked.raw.cfa - low);
  if (!frame.extents.empty()) {
    FrameExtent& last = frame.extents.back();
    if (last.pushed == pushed && last.size == size) return;
    last.life.died = observation.step;
  }
  frame.extents.push_back({pushed, size, {observation.step, {}}});
}

}  // namespace situ
