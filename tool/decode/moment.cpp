#include "decode/moment.h"

#include <array>

#include "base/check.h"
#include "decode/decoder.h"

namespace situ {

std::string_view variable_state_name(VariableState state) {
  static constexpr std::array<std::string_view, 5> names = {"uninitialised", "live", "ended", "moved",
                                                            "unknown"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view pointer_state_name(PointerState state) {
  static constexpr std::array<std::string_view, 11> names = {
      "valid",          "null",           "empty",      "past-end", "dangling-freed", "dangling-reused",
      "dangling-frame", "dangling-moved", "moved-from", "wild",     "unknown"};
  return names[static_cast<std::size_t>(state)];
}

bool is_dangling(PointerState state) {
  return state == PointerState::dangling_freed || state == PointerState::dangling_reused ||
         state == PointerState::dangling_frame || state == PointerState::dangling_moved;
}

std::string_view slot_kind_name(SlotKind kind) {
  static constexpr std::array<std::string_view, 6> names = {"return_address", "saved_register", "parameter",
                                                            "local",          "red_zone",       "other"};
  return names[static_cast<std::size_t>(kind)];
}

Decoder::Impl::Impl(const Recording& recording, const DecodeOptions& options)
    : recording_(recording),
      options_(options),
      timeline_(recording),
      variables_(recording, timeline_, options),
      rewrites_(recording),
      types_(recording, timeline_, variables_),
      ownership_(recording, timeline_, variables_, types_, rewrites_),
      releases_(recording, timeline_, variables_, ownership_, rewrites_),
      judge_(recording, timeline_, rewrites_, [this](BlockId id) { return types_.of(id).type; }) {}

void Decoder::Impl::prepare(StepIndex step) {
  CHECK(step < recording_.steps.size());
  timeline_.move_to(step);
  types_.update();
  ownership_.update();
  judge_.move_to(step);
}

Moment Decoder::Impl::moment(StepIndex step) {
  prepare(step);
  Moment made;
  made.step = step;
  now_.clear();
  made.threads = threads(step);
  made.statics = statics(step);
  std::vector<Held> held;
  collect_variables(made, held);
  add_blocks(made, held);
  mark_moved(made, held);
  made.pointers.reserve(held.size());
  for (Held& h : held) made.pointers.push_back(std::move(h.view));
  remembered_.swap(now_);
  remembered_step_ = step;
  made.say = say(step);
  return made;
}

void Decoder::Impl::take_in_all() {
  if (recording_.steps.empty()) return;
  timeline_.move_to(static_cast<StepIndex>(recording_.steps.size() - 1));
  types_.update();
  ownership_.update();
}

const FreeReason* Decoder::Impl::free_reason(BlockId block) {
  take_in_all();
  return releases_.of(block);
}

Decoder::BlockType Decoder::Impl::block_type(BlockId block) {
  take_in_all();
  const BlockContent& content = types_.of(block);
  return {content.type, content.count, content.all};
}

Decoder::Decoder(const Recording& recording, DecodeOptions options)
    : impl_(std::make_unique<Impl>(recording, options)) {}
Decoder::~Decoder() = default;

Moment Decoder::moment(StepIndex step) {
  return impl_->moment(step);
}
std::string Decoder::say(StepIndex step) {
  return impl_->say(step);
}
Decoder::BlockType Decoder::block_type(BlockId block) {
  return impl_->block_type(block);
}
const FreeReason* Decoder::free_reason(BlockId block) {
  return impl_->free_reason(block);
}
std::optional<Value> Decoder::return_value(StepIndex step) {
  return impl_->return_value(step);
}

}  // namespace situ
