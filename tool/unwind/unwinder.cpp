#include "unwind/unwinder.h"

#include "unwind/code_modules.h"
#include "unwind/code_rules.h"
#include "unwind/page_cache.h"

namespace situ {
namespace {

constexpr std::size_t most_frames = 100'000;

// The stack as given, constant pages from the cache.
class CachedMemory : public MemoryReader {
 public:
  CachedMemory(PageCache& pages, const MemoryReader& memory) : pages_(pages), memory_(memory) {}
  std::size_t read(Address from, std::span<std::byte> into) const override {
    return pages_.read(memory_, from, into);
  }

 private:
  PageCache& pages_;
  const MemoryReader& memory_;
};

}  // namespace

class Unwinder::Impl {
 public:
  explicit Impl(RowCache rows) : stepper_(modules_, pages_, rows) {}

  void set_modules(const std::vector<Mapping>& maps, const MemoryReader& memory) {
    if (!modules_.update(maps, memory)) return;
    pages_.set_constant_ranges(modules_.constant_ranges());
    stepper_.flush();
  }

  std::vector<RawFrame> unwind(const Registers& registers, const MemoryReader& memory,
                               const std::function<bool(const RawFrame&)>& known) {
    const CachedMemory cached(pages_, memory);
    std::vector<RawFrame> frames;
    RawFrame frame;
    frame.registers = registers;
    frame.innermost = frame.exact_pc = true;
    while (frames.size() < most_frames) {
      FoundBy how = FoundBy::cfi;
      const CallerStep step = leave(frame, memory, cached, how);
      const bool stepped = step.outcome == CallerStep::Outcome::stepped;
      if (stepped || step.outcome == CallerStep::Outcome::end) frame.cfa = step.cfa;
      if (stepped) frame.return_address = step.caller.pc();
      frame.saved = step.saved;
      frames.push_back(frame);
      if (!stepped || !frame.return_address || (known && known(frame))) break;

      RawFrame caller;
      caller.registers = step.caller;
      caller.found_by = how;
      caller.exact_pc = frame.signal_frame;
      frame = std::move(caller);
    }
    return frames;
  }

 private:
  // Finds the frame's caller; recognises a signal trampoline on the way.
  CallerStep leave(RawFrame& frame, const MemoryReader& memory, const CachedMemory& cached, FoundBy& how) {
    using Outcome = CallerStep::Outcome;
    if (is_signal_trampoline(frame.pc(), cached)) {
      frame.signal_frame = frame.exact_pc = true;
      return step_over_signal(frame.registers, memory);
    }
    CallerStep step = stepper_.step(frame.registers, frame.lookup_address(), memory);
    if (step.outcome == Outcome::no_info && frame.exact_pc) {
      if (const auto pushed = pushed_by_stub(frame.pc(), cached)) {
        step = step_out_of_stub(frame.registers, *pushed, memory);
      }
    }
    if (step.outcome == Outcome::no_info || step.outcome == Outcome::failed) {
      how = FoundBy::guess;
      step = guess_caller(frame.registers, frame.exact_pc, cached,
                          [this](Address a) { return modules_.is_code(a); });
    }
    // A caller's frame lies above: anything else is damage, and would let the chain run in circles.
    if (step.outcome == Outcome::stepped && step.cfa <= frame.sp()) return {};
    return step;
  }

  CodeModules modules_;
  PageCache pages_;
  CfiStepper stepper_;
};

Unwinder::Unwinder(RowCache rows) : impl_(std::make_unique<Impl>(rows)) {}
Unwinder::~Unwinder() = default;

void Unwinder::set_modules(const std::vector<Mapping>& maps, const MemoryReader& memory) {
  impl_->set_modules(maps, memory);
}

std::vector<RawFrame> Unwinder::unwind(const Registers& registers, const MemoryReader& memory,
                                       const std::function<bool(const RawFrame&)>& known) {
  return impl_->unwind(registers, memory, known);
}

}  // namespace situ
