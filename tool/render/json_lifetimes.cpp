#include "render/json_lifetimes.h"

#include <algorithm>

#include "render/json_value.h"

namespace situ {
namespace {

void write_slot(JsonWriter& json, const Slot& slot) {
  json.field("offset", slot.offset);
  json.field("size", slot.size);
  json.field("kind", slot_kind_name(slot.kind));
  json.key("register");
  slot.reg ? json.value(register_name(*slot.reg)) : json.null();
  json.key("variable");
  slot.variables.empty() ? json.null() : json.value(slot.variables.front());
  json.key("variables");
  json.begin_array();
  for (const VariableId id : slot.variables) json.value(id);
  json.end_array();
}

void write_target(JsonWriter& json, const PointerTarget& to, const PointerView& pointer) {
  using Kind = PointerTarget::Kind;
  json.begin_object();
  switch (to.kind) {
    case Kind::block:
      json.field("block", to.block);
      break;
    case Kind::variable:
      json.field("variable", to.variable);
      break;
    case Kind::frame:
      json.field("frame", to.frame);
      break;
    case Kind::static_data:
      json.text_or_null("static", to.name);
      break;
    case Kind::code:
      json.text_or_null("code", to.name);
      break;
    case Kind::region:
      json.field("region", to.region);
      break;
    case Kind::self:
      json.key("self");
      pointer.from_variable ? json.value(*pointer.from_variable) : json.value(pointer.from_block);
      break;
  }
  // From a frame's CFA: negative, as slots are.
  if (to.kind == Kind::frame) {
    json.field("offset", static_cast<std::int64_t>(to.offset));
  } else {
    json.field("offset", to.offset);
  }
  json.text_or_null("path", to.path);
  json.end_object();
}

void write_pointer(JsonWriter& json, const PointerView& pointer) {
  json.key("from");
  json.begin_object();
  if (pointer.from_variable) {
    json.field("variable", *pointer.from_variable);
  } else {
    json.field("block", pointer.from_block);
  }
  json.field("offset", pointer.offset);
  json.text_or_null("path", pointer.path);
  json.end_object();
  json.key("to");
  pointer.to ? write_target(json, *pointer.to, pointer) : json.null();
  json.field("address", pointer.address);
  json.field("kind", pointer_kind_name(pointer.kind));
  json.field("state", pointer_state_name(pointer.state));
}

class Walk {
 public:
  explicit Walk(const Recording& recording) : recording_(recording) {}

  void observe(Moment&& moment) {
    for (const ThreadView& thread : moment.threads) {
      for (const FrameView& frame : thread.frames) observe(moment.step, frame);
    }
    for (const VariableView& variable : moment.statics) observe(moment.step, variable);
    for (const BlockView& block : moment.blocks) observe(moment.step, block);
    for (const PointerView& pointer : moment.pointers) observe(moment.step, pointer);
    for (Intervals* all : {&all_.values, &all_.slots, &all_.block_values, &all_.pointers}) {
      all->end_step(moment.step);
    }
    all_.say.push_back(std::move(moment.say));
  }

  Lifetimes take() { return std::move(all_); }

 private:
  // A ghost is what died at this step: it is shown once more, but its lifetimes have ended.
  void observe(StepIndex step, const FrameView& view) {
    if (view.ghost || !recording_.at(view.id).life.alive_at(step)) return;
    for (const Slot& slot : view.slots) {
      json_.clear();
      write_slot(json_, slot);
      all_.slots.observe(step, view.id.value, json_.text(), step);
    }
    for (const VariableView& variable : view.variables) observe(step, variable);
  }

  void observe(StepIndex step, const VariableView& view) {
    json_.clear();
    json_.key("value");
    write_value(json_, view.value);
    json_.field("state", variable_state_name(view.state));
    all_.values.observe(step, view.id.value, json_.text(), view.seen.value_or(step));
  }

  void observe(StepIndex step, const BlockView& view) {
    if (view.ghost || !recording_.at(view.id).life.alive_at(step)) return;
    json_.clear();
    json_.key("value");
    write_value(json_, view.value);
    all_.block_values.observe(step, view.id.value, json_.text(), step);
  }

  void observe(StepIndex step, const PointerView& view) {
    if (!holder_lives(step, view)) return;
    json_.clear();
    write_pointer(json_, view);
    all_.pointers.observe(step, 0, json_.text(), step);
  }

  bool holder_lives(StepIndex step, const PointerView& view) const {
    if (view.from_block) return recording_.at(*view.from_block).life.alive_at(step);
    if (!view.from_variable) return false;
    const std::optional<FrameId> frame = recording_.at(*view.from_variable).frame;
    return !frame || recording_.at(*frame).life.alive_at(step);
  }

  const Recording& recording_;
  Lifetimes all_;
  JsonWriter json_;  // one observation at a time
};

}  // namespace

void Intervals::observe(StepIndex step, std::uint32_t holder, std::string_view json, StepIndex seen) {
  name_.assign(reinterpret_cast<const char*>(&holder), sizeof holder);
  name_ += json;
  const auto found = open_.find(name_);
  if (found != open_.end()) {
    found->second.observed = step;
    Interval& open = intervals_[holder][found->second.index];
    open.seen = std::max(open.seen, seen);
    return;
  }
  if (intervals_.size() <= holder) intervals_.resize(holder + std::size_t{1});
  open_.emplace(name_, Open{holder, intervals_[holder].size(), step});
  intervals_[holder].push_back({std::string(json), seen, {step, std::nullopt}});
}

void Intervals::end_step(StepIndex step) {
  std::erase_if(open_, [&](const auto& entry) {
    const Open& open = entry.second;
    if (open.observed == step) return false;
    intervals_[open.holder][open.index].life.died = step;
    return true;
  });
}

const std::vector<Interval>& Intervals::of(std::uint32_t holder) const {
  static const std::vector<Interval> none;
  return holder < intervals_.size() ? intervals_[holder] : none;
}

Lifetimes walk(const Recording& recording, Decoder& decoder) {
  Walk all(recording);
  for (StepIndex step = recording.program.recorded_from; step < recording.steps.size(); ++step)
    all.observe(decoder.moment(step));
  return all.take();
}

}  // namespace situ
