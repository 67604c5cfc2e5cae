// Learning a row. The interpreter steps from a frame that does not exist. Its registers are numbers that
// nothing else yields, rsp and rbp among them point into two places where no mapping can be (the addresses
// are not canonical), and every word of these places holds its own address, enciphered. So the answer tells
// how it came about: a CFA near the imagined rsp was computed from rsp, a caller's rbx that deciphers to
// CFA - 24 was read from there, one that equals the frame's rbx is unchanged. Whatever does not fit, like a
// CFA that was itself read from the stack, makes the row one of another form.
//
// The frame is imagined twice with other numbers: a constant, or rsp rounded down to a multiple, may look
// right once but not both times. What depends on the code address only (the linkage table's usual expression)
// is the same at every visit of that address, and so is a row like any other.
#include "unwind/frame_row.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>

namespace situ {
namespace {

// Rows that need more of the stack than this are left to the interpreter.
constexpr std::int64_t most_read = 512;

struct Imagined {
  std::uint64_t rsp, rbp;
  std::uint64_t others;  // the other registers: this and their number in bits 52 to 56
  std::uint64_t cipher;
};
constexpr AddressRange imagined_stack{{0x7abc000000000000}, {0x7abe000000000000}};
constexpr std::array<Imagined, 2> imagined = {
    Imagined{0x7abc001000000000, 0x7abc011000000000, 0x3000135700000000, 0x51c396a50f697b00},
    Imagined{0x7abd02345a5a5a58, 0x7abd033435a5a5a8, 0x4000246835a10000, 0x62d487b61e7a8c00}};

class ImaginedStack : public MemoryReader {
 public:
  ImaginedStack(const MemoryReader& process, std::uint64_t cipher) : process_(process), cipher_(cipher) {}

  std::size_t read(Address from, std::span<std::byte> into) const override {
    if (!imagined_stack.contains(from)) return process_.read(from, into);
    std::size_t done = 0;
    for (; from.value % 8 == 0 && into.size() - done >= 8; done += 8) {
      const std::uint64_t word = word_at(from + done);
      std::memcpy(into.data() + done, &word, sizeof word);
    }
    return done;
  }
  std::uint64_t word_at(Address a) const { return a.value ^ cipher_; }
  Address place_of(std::uint64_t word) const { return {word ^ cipher_}; }

 private:
  const MemoryReader& process_;
  std::uint64_t cipher_;
};

Registers registers_of(const Imagined& frame) {
  Registers registers;
  for (std::size_t i = 0; i < register_count; ++i) {
    registers.set(static_cast<Reg>(i), frame.others + (std::uint64_t{i} << 52));
  }
  registers.set(Reg::rsp, frame.rsp);
  registers.set(Reg::rbp, frame.rbp);
  return registers;
}

// Sets base and distance; false: the CFA is near neither.
bool find_base(const Imagined& frame, Address cfa, FrameRow& row) {
  for (const auto& [reg, value] : {std::pair(Reg::rsp, frame.rsp), std::pair(Reg::rbp, frame.rbp)}) {
    const std::int64_t distance = cfa - Address{value};
    if (distance < std::numeric_limits<std::int32_t>::min() ||
        distance > std::numeric_limits<std::int32_t>::max()) {
      continue;
    }
    row.base = reg;
    row.cfa_offset = static_cast<std::int32_t>(distance);
    return true;
  }
  return false;
}

// Where the caller's value of a register came from: 0 from the register itself, else the distance from the
// CFA; empty: from elsewhere.
std::optional<std::int16_t> find_source(const CallerStep& step, Reg reg, const Registers& registers,
                                        const ImaginedStack& stack) {
  const auto value = step.caller.get(reg);
  if (!value) return std::nullopt;
  const auto saved = std::ranges::find(step.saved, reg, &SavedAt::reg);
  const bool reported = saved != step.saved.end();
  if (value == registers.get(reg)) return reported ? std::nullopt : std::optional<std::int16_t>(0);
  const Address at = stack.place_of(*value);
  const std::int64_t distance = at - step.cfa;
  if (distance > -16 || distance < -most_read) return std::nullopt;
  // Below sp it is a leftover of a register that was just popped.
  if (reported ? saved->at != at : at >= registers.sp()) return std::nullopt;
  return static_cast<std::int16_t>(distance);
}

FrameRow row_seen(const Imagined& frame, const MemoryReader& process, const StepWith& step) {
  const Registers registers = registers_of(frame);
  const ImaginedStack stack(process, frame.cipher);
  const CallerStep found = step(registers, stack);
  using Outcome = CallerStep::Outcome;
  if (found.outcome == Outcome::no_info) return {.kind = FrameRow::Kind::no_info};
  FrameRow row;
  if (found.outcome == Outcome::failed || !find_base(frame, found.cfa, row)) return {};
  if (found.outcome == Outcome::end) {
    row.kind = FrameRow::Kind::ends;
    return row;
  }
  if (found.caller.pc().value != stack.word_at(found.cfa - 8)) return {};
  for (std::size_t i = 0; i < callee_saved.size(); ++i) {
    const auto source = find_source(found, callee_saved[i], registers, stack);
    if (!source) return {};
    row.saved[i] = *source;
    row.lowest = std::min(row.lowest, *source);
  }
  row.kind = FrameRow::Kind::steps;
  return row;
}

}  // namespace

FrameRow learn_row(const MemoryReader& process, const StepWith& step) {
  const FrameRow row = row_seen(imagined[0], process, step);
  if (row.kind == FrameRow::Kind::other) return row;
  return row == row_seen(imagined[1], process, step) ? row : FrameRow{};
}

std::optional<CallerStep> step_by_row(const FrameRow& row, const Registers& registers,
                                      const MemoryReader& memory) {
  const auto base = registers.get(row.base), sp = registers.get(Reg::rsp);
  if (row.kind == FrameRow::Kind::other || !base || !sp) return std::nullopt;
  CallerStep step;
  if (row.kind == FrameRow::Kind::no_info) {
    step.outcome = CallerStep::Outcome::no_info;
    return step;
  }
  const auto below_cfa = [&](std::int64_t distance) {
    return step.cfa + static_cast<std::uint64_t>(distance);
  };
  step.cfa = Address{*base} + static_cast<std::uint64_t>(std::int64_t{row.cfa_offset});
  if (row.kind == FrameRow::Kind::ends) {
    step.outcome = CallerStep::Outcome::end;
    return step;
  }
  if (step.cfa <= Address{*sp}) return std::nullopt;

  std::array<std::byte, most_read> bytes;
  const std::span<std::byte> stack(bytes.data(), static_cast<std::size_t>(-row.lowest));
  if (!memory.read_all(below_cfa(row.lowest), stack)) return std::nullopt;
  const auto word_at = [&](std::int16_t distance) {
    std::uint64_t word;
    std::memcpy(&word, stack.data() + (distance - row.lowest), sizeof word);
    return word;
  };
  const std::uint64_t return_address = word_at(-8);
  if (return_address == 0) return std::nullopt;
  step.outcome = CallerStep::Outcome::stepped;
  step.caller.set(Reg::rip, return_address);
  step.caller.set(Reg::rsp, step.cfa.value);
  if (row.lowest < -8) step.saved.reserve(std::min<std::size_t>(stack.size() / 8 - 1, callee_saved.size()));
  for (std::size_t i = 0; i < callee_saved.size(); ++i) {
    const Reg reg = callee_saved[i];
    if (row.saved[i] == 0) {
      if (const auto value = registers.get(reg)) step.caller.set(reg, *value);
      continue;
    }
    step.caller.set(reg, word_at(row.saved[i]));
    const Address at = below_cfa(row.saved[i]);
    if (at >= Address{*sp}) step.saved.push_back({reg, at});
  }
  return step;
}

}  // namespace situ
