// Sentences about frames: pushed, popped, left by unwinding.
#include <fmt/format.h>

#include "decode/decoder.h"
#include "decode/escape.h"
#include "decode/narrator.h"
#include "decode/slots.h"

namespace situ {
namespace {

constexpr int callers_searched = 16;

}  // namespace

std::string Narrator::name_of_frame(FrameId id) const {
  const auto function = recording_.at(id).function;
  return function ? plain_function_name(recording_.at(*function).name) : "the caller";
}

// The variable of a caller that a reference or pointer leads to.
std::optional<VariableId> Narrator::borrowed(const Value& value, FrameId from) const {
  const bool leads = value.kind == ValueKind::pointer && value.target && *value.target &&
                     (value.pointer_kind == PointerKind::borrow || value.pointer_kind == PointerKind::raw);
  if (!leads) return std::nullopt;
  auto frame = recording_.at(from).caller;
  for (int i = 0; frame && i < callers_searched; ++i, frame = recording_.at(*frame).caller) {
    for (const VariableId id : in_.timeline.variables_of(*frame)) {
      const Place* place = place_at(recording_.at(id), index_);
      if (!place || !place->address || recording_.at(id).compiler_made) continue;
      if (place->kind == PlaceKind::stack && *place->address == *value.target) return id;
    }
  }
  return std::nullopt;
}

std::string Narrator::call() const {
  if (!step_.frame) return function() + " is called";
  const Frame& frame = recording_.at(*step_.frame);
  std::vector<std::string> arguments, sources;
  const auto whose = [&](VariableId id) {
    const auto owner = recording_.at(id).frame;
    return fmt::format("{}'s {}", owner ? name_of_frame(*owner) : "the caller",
                       printable(recording_.at(id).name));
  };
  for (const VariableId id : in_.timeline.variables_of(*step_.frame)) {
    const Variable& variable = recording_.at(id);
    if (variable.compiler_made || variable.kind != VariableKind::parameter) continue;
    const VariableNow now = in_.variables.read(id, index_);
    const std::string name = printable(variable.name);
    arguments.push_back(name + " = " + short_text(now.value.text));
    const Claim* given = nullptr;  // what was moved into the parameter
    for (const std::size_t i : in_.ownership.moves_at(index_)) {
      const Claim& claim = in_.ownership.claim(i);
      if (claim.moved_to && in_.ownership.claim(*claim.moved_to).holder.variable == id) given = &claim;
    }
    if (given && given->holder.variable) {
      sources.push_back(fmt::format("{} takes {} over from {}", name,
                                    "block " + block_label(recording_.at(given->block)),
                                    whose(*given->holder.variable)));
    } else if (const auto lent = borrowed(now.value, *step_.frame)) {
      const bool borrows = now.value.pointer_kind == PointerKind::borrow;
      sources.push_back(name + (borrows ? " borrows " : " points to ") + whose(*lent));
    } else if (const auto source = in_.copied_from(id); source && recording_.at(*source).frame) {
      sources.push_back(name + " is a copy of " + whose(*source));
    }
  }
  std::string text = function() + (frame.inlined ? " is entered" : " is called");
  if (!arguments.empty()) text += " with " + list_text(arguments);
  text += ": " + pushed(frame);
  if (!sources.empty()) text += "; " + list_text(sources);
  return text;
}

std::string Narrator::pushed(const Frame& frame) const {
  if (frame.inlined) return "it was inlined, nothing is pushed";
  const FrameShape shape = frame_shape(frame, index_);
  if (shape.pushed == 0) return fmt::format("its frame begins at {}", hex_text(frame.cfa));
  std::string text = fmt::format("{} {} pushed at {}", counted(shape.pushed, "byte"),
                                 shape.pushed == 1 ? "is" : "are", hex_text(frame.cfa - shape.pushed));
  if (shape.size > shape.pushed) {
    text += fmt::format(", {} more lie below the stack pointer", shape.size - shape.pushed);
  }
  return text;
}

std::string Narrator::returned(const std::optional<Value>& value) const {
  std::string text = function() + " returns";
  if (value && value->kind != ValueKind::unavailable && value->kind != ValueKind::unit) {
    text += " " + short_text(value->text);
  }
  if (!step_.frame) return text;
  const Frame& frame = recording_.at(*step_.frame);
  if (frame.inlined) return text + " (it was inlined: nothing is popped)";
  const FrameShape shape = frame_shape(frame, index_);
  if (shape.size == 0) return text;
  return fmt::format("{}: its {} {} popped", text, counted(shape.size, "byte"),
                     shape.size == 1 ? "is" : "are");
}

std::string Narrator::left_behind() const {
  std::vector<std::string> left;
  std::uint64_t bytes = 0;
  bool jumped = false;
  for (const FrameId id : in_.timeline.frames()) {
    const Frame& frame = recording_.at(id);
    const bool popped = frame.ended_by == EndedBy::unwind || frame.ended_by == EndedBy::longjmp;
    if (!frame.user || frame.inlined || frame.life.died != index_ || !popped) continue;
    jumped = frame.ended_by == EndedBy::longjmp;
    bytes += frame_shape(frame, index_).size;
    left.insert(left.begin(), name_of_frame(id));
  }
  if (left.empty()) return {};
  return fmt::format("{} {} left by {}, {} {} popped; ", list_text(left), left.size() == 1 ? "is" : "are",
                     jumped ? "longjmp" : "unwinding", counted(bytes, "byte"), bytes == 1 ? "is" : "are");
}

}  // namespace situ
