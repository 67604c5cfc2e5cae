#include "decode/variables.h"

#include <algorithm>
#include <array>

#include "decode/bytes.h"
#include "decode/decoding.h"
#include "decode/live_memory.h"
#include "decode/shapes.h"

namespace situ {
namespace {

// More is read through memory when a value needs it.
constexpr std::uint64_t bytes_at_once = 65'536;

bool has_address(const Place& place) {
  return place.address && (place.kind == PlaceKind::stack || place.kind == PlaceKind::static_data ||
                           place.kind == PlaceKind::thread_local_data || place.kind == PlaceKind::memory);
}

bool is_partly_known(const Place& place) {
  return place.kind == PlaceKind::pieces && std::ranges::any_of(place.pieces, [](const PlacePiece& piece) {
           return piece.place.kind != PlaceKind::nowhere;
         });
}

// Other types may have nothing to write: an empty class of C++ has one byte.
bool is_scalar(const Recording& recording, const Variable& variable) {
  if (!variable.type) return true;
  const TypeKind kind = recording.at(without_aliases(recording, *variable.type)).kind;
  return kind != TypeKind::record && kind != TypeKind::union_type && kind != TypeKind::array;
}

bool was_in_scope_before(const Variable& variable, StepIndex step) {
  return std::ranges::any_of(variable.in_scope, [step](const Lifetime& l) { return l.born <= step; });
}

}  // namespace

const Place* place_at(const Variable& variable, StepIndex step) {
  const Place* last = nullptr;
  for (const Place& place : variable.places) {
    if (place.life.alive_at(step)) return &place;
    if (place.life.born < step && place.life.died == step && variable.life.died == step) last = &place;
  }
  return last;
}

FrameId physical_frame(const Recording& recording, FrameId frame) {
  for (int i = 0; i < 64 && recording.at(frame).inlined && recording.at(frame).caller; ++i) {
    frame = *recording.at(frame).caller;
  }
  return frame;
}

std::vector<AddressRange> VariableReader::marked(std::optional<FrameId> frame) const {
  std::vector<AddressRange> ranges;
  if (!frame) return ranges;
  const auto add = [&](FrameId id) {
    for (const Mark& mark : recording_.at(id).marks) {
      ranges.push_back({mark.from, mark.from + mark.replaced.size()});
    }
  };
  add(*frame);
  if (const FrameId whole = physical_frame(recording_, *frame); whole != *frame) add(whole);
  return ranges;
}

std::vector<AddressRange> VariableReader::marked(const Variable& variable, const Place* place) const {
  std::vector<AddressRange> ranges = marked(variable.frame);
  if (place && place->frame && place->frame != variable.frame) {
    const auto there = marked(place->frame);
    ranges.insert(ranges.end(), there.begin(), there.end());
  }
  // What is built where the caller wants it lies over the caller's own slot.
  if (!place || place->kind != PlaceKind::memory || place->frame || !variable.frame) return ranges;
  auto frame = recording_.at(*variable.frame).caller;
  for (int i = 0; frame && i < 16; ++i, frame = recording_.at(*frame).caller) {
    const auto there = marked(frame);
    ranges.insert(ranges.end(), there.begin(), there.end());
  }
  return ranges;
}

std::vector<AddressRange> VariableReader::marked(VariableId id, StepIndex step) const {
  const Variable& variable = recording_.at(id);
  return marked(variable, place_at(variable, step));
}

std::vector<std::byte> VariableReader::bytes_of(const Place& place, const Variable& variable,
                                                std::uint64_t size, StepIndex step) const {
  std::vector<std::byte> bytes;
  if (has_address(place)) {
    bytes.resize(std::min(size, bytes_at_once));
    bytes.resize(recording_.memory.read(step, *place.address, bytes));
  } else if (place.kind == PlaceKind::computed) {
    bytes = place.value;
  } else if (place.kind == PlaceKind::reg && place.reg && variable.frame) {
    const FrameId own = *variable.frame;
    for (const FrameId id : {own, physical_frame(recording_, own)}) {
      for (const RegisterValue& r : recording_.at(id).registers) {
        const bool now = r.life.alive_at(step) || (r.life.died == step && variable.life.died == step);
        if (r.reg != *place.reg || !now || r.life.born > step) continue;
        const std::array<std::uint64_t, 2> words{r.value, r.high};
        const auto raw = std::as_bytes(std::span(words)).first(is_vector(r.reg) ? 16 : 8);
        bytes.assign(raw.begin(), raw.end());
        bytes.resize(std::min<std::uint64_t>(size, bytes.size()));
        return bytes;
      }
    }
  } else if (place.kind == PlaceKind::pieces) {
    for (const PlacePiece& piece : place.pieces) {
      const std::uint64_t piece_size = piece.place.size.value_or(0);
      const auto part = bytes_of(piece.place, variable, piece_size, step);
      // A gap ends what is known: a value is read from its leading bytes.
      if (piece.offset != bytes.size() || part.size() < piece_size) break;
      bytes.insert(bytes.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(piece_size));
    }
  }
  if (bytes.size() > size) bytes.resize(size);
  return bytes;
}

void VariableReader::load(VariableNow& now, const Variable& variable, std::uint64_t size,
                          StepIndex step) const {
  now.in_scope =
      std::ranges::any_of(variable.in_scope, [step](const Lifetime& life) { return life.alive_at(step); }) ||
      !variable.frame || (variable.in_scope.empty() && variable.kind == VariableKind::parameter);
  now.place = place_at(variable, step);
  if (!now.place) return;
  now.bytes = bytes_of(*now.place, variable, size, step);
  if (!has_address(*now.place)) return;
  now.at = now.place->address;
  if (size == 0) return;
  const auto seen = recording_.memory.seen(step, *now.at, std::min(size, bytes_at_once));
  if (seen && *seen < step) now.seen = seen;
}

bool VariableReader::holds_mark(const VariableNow& now, const Variable& variable, std::uint64_t size) const {
  const MemoryAtStep none(recording_.memory, 0);
  const Bytes bytes(now.bytes, now.at, none);
  return size > 0 && size <= now.bytes.size() &&
         bytes.holds_mark(0, size, marked(variable, now.place), recording_.mark);
}

VariableState VariableReader::state_of(const VariableNow& now, const Variable& variable, std::uint64_t size,
                                       StepIndex step) const {
  using enum VariableState;
  if (!now.place || now.place->kind == PlaceKind::nowhere) return unknown;
  if (!variable.frame) return live;
  const VariableState written = now.in_scope || !was_in_scope_before(variable, step) ? live : ended;
  if (size == 0) return now.in_scope ? live : written;
  if (now.bytes.empty() && !is_partly_known(*now.place)) return unknown;
  if (holds_mark(now, variable, size)) {
    if (size >= 4 || !timeline_.passed_line(*variable.frame, variable.line, step)) return uninitialised;
    return written == live && is_scalar(recording_, variable)
               ? unknown
               : written;  // so few bytes may have been given just this value
  }
  const auto ranges = marked(variable, now.place);
  const bool slot_was_marked = now.at && std::ranges::any_of(ranges, [&](const AddressRange& range) {
                                 return range.contains(*now.at);
                               });
  if (slot_was_marked || variable.kind == VariableKind::parameter) return written;
  if (!now.in_scope) return was_in_scope_before(variable, step) ? ended : unknown;
  // No mark to tell by: optimised code states exactly where a value is; a Rust scope begins behind the
  // initialisation; else the slot must have changed or the declaration's line have passed.
  if (now.place->kind != PlaceKind::stack || !now.at) return live;
  if (variable.type && recording_.at(*variable.type).language == Language::rust) return live;
  const auto changed = recording_.memory.last_written(step, *now.at, size);
  if (changed && *changed > recording_.at(*variable.frame).life.born) return live;
  return timeline_.passed_line(*variable.frame, variable.line, step) ? live : unknown;
}

VariableNow VariableReader::locate(VariableId id, StepIndex step) const {
  const Variable& variable = recording_.at(id);
  VariableNow now;
  const Type* type = variable.type ? &recording_.at(without_aliases(recording_, *variable.type)) : nullptr;
  const Place* place = place_at(variable, step);
  const std::uint64_t size = type && type->size ? *type->size : place ? place->size.value_or(0) : 0;
  load(now, variable, size, step);
  now.state = state_of(now, variable, size, step);
  // At the return the marks that nobody overwrote are put back: what was never written stays so.
  if (variable.life.died == step && step > 0 && variable.life.born < step &&
      now.state != VariableState::uninitialised &&
      locate(id, step - 1).state == VariableState::uninitialised) {
    now.state = VariableState::uninitialised;
  }
  return now;
}

Value VariableReader::scattered(const VariableNow& now, const Variable& variable, const DecodeInput& input,
                                StepIndex step) const {
  std::vector<std::byte> bytes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> missing;
  for (const PlacePiece& piece : now.place->pieces) {
    const std::uint64_t size = std::min(piece.place.size.value_or(0), bytes_at_once);
    if (piece.offset != bytes.size() || bytes.size() + size > bytes_at_once) break;
    auto part = bytes_of(piece.place, variable, size, step);
    if (part.size() < size) missing.emplace_back(bytes.size() + part.size(), size - part.size());
    part.resize(size);
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  std::vector<std::span<const std::byte>> gaps;
  for (const auto& [from, size] : missing) gaps.emplace_back(std::span(bytes).subspan(from, size));
  return Decoding(input).value(Bytes(bytes, now.at, input.memory, gaps), *variable.type);
}

VariableNow VariableReader::read(VariableId id, StepIndex step) const {
  const Variable& variable = recording_.at(id);
  VariableNow now = locate(id, step);
  if (!now.place) {
    now.value = unavailable_value(Why::not_in_scope_here);
  } else if (now.place->kind == PlaceKind::nowhere) {
    now.value = unavailable_value(now.place->why);
  } else if (!variable.type) {
    now.value = unavailable_value(Why::incomplete_type);
  } else {
    const LiveMemory memory(recording_, timeline_, step);
    const auto ranges = marked(variable, now.place);
    const DecodeInput input{recording_, memory, now.at, options_, ranges};
    Type array = recording_.at(without_aliases(recording_, *variable.type));
    if (array.kind == TypeKind::array && !array.count && now.place->count) {
      array.count = now.place->count;
      now.value = Decoding(input).array(Bytes(now.bytes, now.at, memory), array);
      now.value.type = *variable.type;
      now.value.size = now.place->size.value_or(0);
    } else if (is_partly_known(*now.place)) {
      now.value = scattered(now, variable, input, step);
    } else {
      now.value = decode_value(now.bytes, *variable.type, input);
    }
    const bool doubtful = now.state == VariableState::unknown || now.state == VariableState::uninitialised;
    if (doubtful && now.bytes.size() < 4 && is_scalar(recording_, variable) &&
        holds_mark(now, variable, now.bytes.size())) {
      now.value.unwritten = now.state == VariableState::uninitialised;
      now.value.text = now.value.unwritten ? "<uninitialised>" : "<perhaps never written>";
    }
  }
  return now;
}

}  // namespace situ
