// Threads, frames and variables of a moment.
#include <fmt/format.h>

#include <algorithm>

#include "decode/decoder.h"
#include "decode/escape.h"
#include "decode/shapes.h"
#include "decode/slots.h"

namespace situ {

std::string plain_function_name(std::string_view name) {
  if (name.find("operator") != std::string_view::npos) return printable(name);
  // Cut at "::" outside of <> and (); generic arguments at the end belong to the part before them.
  std::size_t start = 0, part = 0;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '<' || c == '(') ++depth;
    if ((c == '>' && (i == 0 || name[i - 1] != '-')) || c == ')') --depth;
    if (depth != 0 || c != ':' || i + 2 >= name.size() || name[i + 1] != ':') continue;
    part = i + 2;
    if (name[part] != '<' && name[part] != '{') start = part;
    ++i;
  }
  return printable(name.substr(start));
}

std::vector<ThreadView> Decoder::Impl::threads(StepIndex step) {
  std::unordered_map<ThreadId, std::vector<FrameId>> frames;
  for (const FrameId id : timeline_.frames()) {
    const Frame& frame = recording_.at(id);
    // A frame that died unseen leaves no ghost, for when it was popped is not known: a runtime frame, and
    // after --until every one that is gone at the exit.
    const bool seen_popped = frame.user && (recording_.steps[step].cause != Cause::exit || frame.ended_by);
    if (seen_popped || frame.life.alive_at(step)) frames[frame.thread].push_back(id);
  }
  std::vector<ThreadView> views;
  const ThreadId own = recording_.steps[step].thread;
  const auto add = [&](ThreadId id) { views.push_back(thread(id, frames[id], step)); };
  if (own.value < recording_.threads.size()) add(own);
  for (std::uint32_t i = 0; i < recording_.threads.size(); ++i) {
    if (ThreadId{i} != own && recording_.threads[i].life.alive_at(step)) add(ThreadId{i});
  }
  return views;
}

ThreadView Decoder::Impl::thread(ThreadId id, const std::vector<FrameId>& frames, StepIndex step) {
  ThreadView view;
  view.id = id;
  view.thread = &recording_.at(id);
  std::unordered_map<FrameId, std::vector<FrameId>> inlined;
  for (const FrameId f : frames) {
    if (const FrameId whole = physical_frame(recording_, f); whole != f) inlined[whole].push_back(f);
  }
  std::vector<FrameId> order = frames;
  std::ranges::stable_sort(order, [&](FrameId a, FrameId b) {
    const Frame &x = recording_.at(a), &y = recording_.at(b);
    const bool x_dead = !x.life.alive_at(step), y_dead = !y.life.alive_at(step);
    if (x_dead != y_dead) return x_dead;
    return x.depth > y.depth;
  });
  for (const FrameId f : order) view.frames.push_back(frame(f, inlined[f], step));
  place_frames(view, step);
  return view;
}

FrameView Decoder::Impl::frame(FrameId id, std::span<const FrameId> inlined, StepIndex step) {
  FrameView view;
  view.id = id;
  view.frame = &recording_.at(id);
  const FrameShape shape = frame_shape(*view.frame, step);
  view.size = shape.size;
  view.pushed = shape.pushed;
  view.low = view.frame->cfa - shape.size;
  view.ghost = !view.frame->life.alive_at(step);
  if (!view.frame->inlined) view.slots = frame_slots(recording_, timeline_, id, step, inlined);
  if (view.frame->user) view.variables = variables_of(id, step);
  return view;
}

// Where each frame stands: the innermost where its thread does, a caller at its callee's return.
void Decoder::Impl::place_frames(ThreadView& view, StepIndex step) {
  const auto last = timeline_.last_step_of(view.id, step);
  const Step* stood = last ? &recording_.steps[*last] : nullptr;
  if (last && *last < step) view.seen = last;
  const FrameView* callee = nullptr;
  for (FrameView& frame : view.frames) {
    const Frame& f = *frame.frame;
    if (frame.ghost) {
      if (const auto before = timeline_.last_step_in(frame.id, step)) {
        frame.pc = recording_.steps[*before].pc;
        frame.file = recording_.steps[*before].file;
        frame.line = recording_.steps[*before].line;
      }
    } else {
      const bool returned = stood && stood->cause == Cause::returned;
      frame.innermost = callee == nullptr;
      if (!callee) {
        if (stood) frame.pc = stood->pc;
        view.sp = stood && !view.seen ? stood->sp : f.cfa - frame.pushed;
      } else {
        frame.pc = callee->frame->inlined ? callee->pc : callee->frame->return_address.value_or(Address{});
      }
      if (stood && (returned ? frame.innermost : stood->frame == frame.id)) {
        frame.file = stood->file;
        frame.line = stood->line;
      } else if (callee && callee->frame->call_site) {
        frame.file = callee->frame->call_site->file;
        frame.line = callee->frame->call_site->line;
      }
      callee = &frame;
    }
    frame.title = title_of(f, frame.pc);
  }
  if (!callee && stood) view.sp = stood->sp;
}

std::string Decoder::Impl::title_of(const Frame& frame, Address pc) const {
  if (frame.function && !recording_.at(*frame.function).name.empty()) {
    return printable(recording_.at(*frame.function).name);
  }
  for (const Module& module : recording_.modules) {
    if (pc < module.base || pc >= module.end) continue;
    const auto slash = module.path.rfind('/');
    return "?? in " + printable(slash == std::string::npos ? module.path : module.path.substr(slash + 1));
  }
  return "??";
}

std::vector<VariableView> Decoder::Impl::variables_of(FrameId id, StepIndex step) {
  std::vector<VariableView> views;
  for (const VariableId v : timeline_.variables_of(id)) {
    if (!recording_.at(v).compiler_made) views.push_back(variable(v, step));
  }
  std::ranges::stable_sort(views, {}, [](const VariableView& view) {
    const bool local = view.variable->kind != VariableKind::parameter;
    return std::pair(local, local ? view.variable->line : 0);
  });
  return views;
}

Decoder::Impl::Seen Decoder::Impl::seen_before(VariableId id, StepIndex step) {
  if (remembered_step_ == step) {
    if (const auto found = remembered_.find(id); found != remembered_.end()) return found->second;
  }
  const VariableNow then = variables_.read(id, step);
  return {fate_of(id, then.state, step).state, then.value.text};
}

VariableView Decoder::Impl::variable(VariableId id, StepIndex step) {
  VariableView view;
  view.id = id;
  view.variable = &recording_.at(id);
  VariableNow now = variables_.read(id, step);
  view.place = now.place;
  const Fate fate = fate_of(id, now.state, step);
  view.state = fate.state;
  if (fate.moved) {
    view.moved_at = fate.moved->moved;
    if (fate.moved->moved_to) {
      const OwnerHolder& taker = ownership_.claim(*fate.moved->moved_to).holder;
      view.moved_to = taker.variable;
      view.moved_into = taker.block;
    }
    // The bits lead to what is no longer its own: shown is what it was.
    const StepIndex last = *fate.moved->moved;
    if (fate.moved->rust && last > 0) {
      VariableNow then = variables_.read(id, last - 1);
      if (then.state == VariableState::live) now.value = std::move(then.value);
    }
  }
  view.value = std::move(now.value);
  view.seen = now.seen;
  view.in_scope = now.in_scope;
  if (options_.bytes) view.bytes = std::move(now.bytes);
  now_[id] = {view.state, view.value.text};
  if (step > 0 && view.variable->life.born < step && view.variable->life.died != step) {
    const Seen before = seen_before(id, step - 1);
    const bool had_value = before.state == VariableState::live || before.state == VariableState::ended;
    const bool has_value = view.state == VariableState::live || view.state == VariableState::ended;
    view.changed = before.state != view.state || (has_value && before.text != view.value.text);
    if (had_value && before.text != view.value.text) view.before = before.text;
  }
  if (view.variable->kind == VariableKind::parameter) view.copy_of = copied_from(id);
  return view;
}

// The caller's variable whose value a parameter was given: the same type and bytes at the call, and named in
// the line that calls where the source is at hand.
std::optional<VariableId> Decoder::Impl::copied_from(VariableId id) {
  if (const auto known = copies_.find(id); known != copies_.end()) return known->second;
  auto& copy = copies_[id];
  const Variable& parameter = recording_.at(id);
  if (!parameter.frame || !parameter.type) return copy;
  const Frame& frame = recording_.at(*parameter.frame);
  const VariableNow given = variables_.locate(id, frame.life.born);
  if (!frame.caller || given.bytes.empty() || given.state != VariableState::live) return copy;
  const std::string_view line = frame.call_site
                                    ? rewrites_.source_line(frame.call_site->file, frame.call_site->line)
                                    : std::string_view{};
  const TypeId type = without_aliases(recording_, *parameter.type);
  std::vector<VariableId> candidates;
  for (const VariableId other : timeline_.variables_of(*frame.caller)) {
    const Variable& v = recording_.at(other);
    if (v.compiler_made || !v.type || without_aliases(recording_, *v.type) != type) continue;
    if (!line.empty() && !Rewrites::mentions(line, v.name)) continue;
    const VariableNow now = variables_.locate(other, frame.life.born);
    const bool usable = now.state == VariableState::live && now.at != given.at;
    if (usable && now.bytes == given.bytes) candidates.push_back(other);
  }
  if (candidates.size() == 1) copy = candidates.front();
  return copy;
}

}  // namespace situ
