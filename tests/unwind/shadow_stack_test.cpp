// The unwinder against the truth: a target is single-stepped, every call pushes (return address, CFA) on a
// shadow stack, and after every instruction the unwound chain must be that stack.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "unwind/stepped_target.h"
#include "unwind/unwinder.h"

namespace situ {
namespace {

constexpr int most_steps = 25'000;

struct Activation {
  Address return_address, cfa;
  friend bool operator==(const Activation&, const Activation&) = default;
};

std::string text_of(const std::vector<Activation>& chain) {
  std::string text;
  for (const Activation& a : chain) {
    std::array<char, 64> line{};
    std::snprintf(line.data(), line.size(), "  ra %llx cfa %llx\n",
                  static_cast<unsigned long long>(a.return_address.value),
                  static_cast<unsigned long long>(a.cfa.value));
    text += line.data();
  }
  return text;
}

// Intel SDM volume 2: prefixes and REX, then E8 or FF /2.
bool is_call(Address pc, const MemoryReader& memory) {
  std::array<unsigned char, 16> code{};
  memory.read(pc, std::as_writable_bytes(std::span(code)));
  std::size_t i = 0;
  const auto is_prefix = [](unsigned char c) {
    return (c & 0xf0) == 0x40 || c == 0x66 || c == 0x67 || c == 0xf2 || c == 0xf3 || c == 0x2e || c == 0x3e ||
           c == 0x26 || c == 0x36 || c == 0x64 || c == 0x65;
  };
  while (i < 14 && is_prefix(code[i])) ++i;
  return code[i] == 0xe8 || (code[i] == 0xff && ((code[i + 1] >> 3) & 7) == 2);
}

class ShadowStack {
 public:
  ShadowStack(const std::string& target, Unwinder& unwinder) : target_(target), unwinder_(unwinder) {
    unwinder_.set_modules(target_.maps(), target_.memory());
    stack_ = unwound();
    std::reverse(stack_.begin(), stack_.end());
  }

  const std::vector<Activation>& stack() const { return stack_; }

  bool step() {
    const Address pc = target_.registers().pc(), sp = target_.registers().sp();
    const bool call = is_call(pc, target_.memory());
    if (!target_.step()) return false;
    const Address now = target_.registers().sp();
    if (target_.entered_handler()) {
      // What the signal interrupted, as the kernel saved it (ucontext at sp + 8: rsp and rip at 160 and 168).
      const Address context = now + 8;
      const auto interrupted_sp = target_.memory().read_value<Address>(context + 160);
      const auto interrupted_pc = target_.memory().read_value<Address>(context + 168);
      stack_.push_back({*interrupted_pc, *interrupted_sp});
      push_return_address();
    } else if (call && now == sp - 8) {
      push_return_address();
    } else {
      // On another stack (an alternate signal stack) lower frames do not end by comparison with this sp.
      while (!stack_.empty() && now >= stack_.back().cfa && same_stack(now, stack_.back().cfa)) {
        stack_.pop_back();
      }
    }
    return true;
  }

  std::vector<Activation> unwound() {
    std::vector<Activation> chain;
    guessed_ = false;
    for (const RawFrame& frame : unwinder_.unwind(target_.registers(), target_.memory())) {
      guessed_ = guessed_ || frame.found_by == FoundBy::guess;
      if (frame.return_address) chain.push_back({frame.return_address, frame.cfa});
    }
    return chain;
  }
  std::vector<RawFrame> frames(Unwinder& unwinder) const {
    return unwinder.unwind(target_.registers(), target_.memory());
  }
  void tell_modules(Unwinder& unwinder) const { unwinder.set_modules(target_.maps(), target_.memory()); }
  bool guessed() const { return guessed_; }
  Address pc() const { return target_.registers().pc(); }
  std::vector<Activation> expected() const { return {stack_.rbegin(), stack_.rend()}; }

 private:
  static bool same_stack(Address a, Address b) {
    const std::int64_t distance = a - b;
    return distance > -(std::int64_t{8} << 20) && distance < (std::int64_t{8} << 20);
  }
  void push_return_address() {
    const Address sp = target_.registers().sp();
    stack_.push_back({*target_.memory().read_value<Address>(sp), sp + 8});
  }

  SteppedTarget target_;
  Unwinder& unwinder_;
  std::vector<Activation> stack_;
  bool guessed_ = false;
};

std::ptrdiff_t first_difference(const std::vector<RawFrame>& a, const std::vector<RawFrame>& b) {
  return std::ranges::mismatch(a, b).in1 - a.begin();
}

class EveryInstruction : public testing::TestWithParam<const char*> {};

TEST_P(EveryInstruction, TheUnwoundChainIsTheShadowStack) {
  Unwinder unwinder;
  ShadowStack shadow(std::string(SITU_UNWIND_TARGETS) + "/" + GetParam(), unwinder);
  ASSERT_GE(shadow.stack().size(), 2u) << "main is called by at least one function";
  int steps = 0, wrong = 0, guesses = 0;
  for (; steps < most_steps && shadow.step(); ++steps) {
    const auto found = shadow.unwound();
    guesses += shadow.guessed() ? 1 : 0;
    if (found == shadow.expected()) continue;
    if (++wrong <= 3) {
      ADD_FAILURE() << "step " << steps << " pc " << std::hex << shadow.pc().value << "\nunwound\n"
                    << text_of(found) << "really\n"
                    << text_of(shadow.expected());
    }
  }
  EXPECT_EQ(wrong, 0) << "of " << steps;
  EXPECT_EQ(guesses, 0);
  EXPECT_GT(steps, 500);
}

// All of it: registers, places, how it was found. Twice, so that every row is both learned and used.
TEST_P(EveryInstruction, KeptRowsGiveWhatLibunwindGives) {
  Unwinder with_rows, without(RowCache::off);
  ShadowStack target(std::string(SITU_UNWIND_TARGETS) + "/" + GetParam(), with_rows);
  target.tell_modules(without);
  int steps = 0, different = 0;
  for (; steps < most_steps && target.step(); ++steps) {
    const auto expected = target.frames(without);
    for (int visit = 0; visit < 2; ++visit) {
      const auto found = target.frames(with_rows);
      if (found == expected) continue;
      if (++different > 3) continue;
      ADD_FAILURE() << "step " << steps << " visit " << visit << " pc " << std::hex << target.pc().value
                    << ", first difference at frame " << first_difference(found, expected);
    }
  }
  EXPECT_EQ(different, 0) << "of " << steps;
  EXPECT_GT(steps, 500);
}

std::string name_of(const testing::TestParamInfo<const char*>& target) {
  std::string name = target.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Targets, EveryInstruction, testing::Values(SITU_UNWIND_NAMES), name_of);

}  // namespace
}  // namespace situ
