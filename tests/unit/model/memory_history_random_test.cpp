// The history beside the plainest thing that does the same: every byte of every step, kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "model/memory_history.h"

namespace situ {
namespace {

constexpr Address low{0x7000'03c0};  // crosses chunks of the history, and begins in the middle of one
constexpr std::size_t range = 2'500;

struct Byte {
  std::byte value{};
  bool known = false;
};
using Memory = std::vector<Byte>;

class Naive {
 public:
  void write(StepIndex step, std::size_t at, const std::vector<std::byte>& bytes) {
    now_.resize(range);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      now_[at + i] = {bytes[i], true};
      first_.try_emplace(line_of(at + i), step);
    }
    steps_[step] = now_;
  }
  const Memory& at(StepIndex step) const {
    static const Memory nothing(range);
    const auto after = steps_.upper_bound(step);
    return after == steps_.begin() ? nothing : std::prev(after)->second;
  }
  // The newest step up to `step` at which a byte of the range became another, or one of its lines was
  // captured for the first time.
  std::optional<StepIndex> last_written(StepIndex step, std::size_t from, std::size_t size) const {
    std::optional<StepIndex> newest;
    for (const auto& [line, first] : first_) {
      const bool touched = line >= line_of(from) && line <= line_of(from + size - 1);
      if (touched && first <= step) newest = std::max(newest.value_or(0), first);
    }
    const Memory* before = nullptr;
    for (const auto& [s, memory] : steps_) {
      if (s > step) break;
      for (std::size_t i = from; before && i < from + size; ++i)
        if (memory[i].value != (*before)[i].value) newest = std::max(newest.value_or(0), s);
      before = &memory;
    }
    return newest;
  }

 private:
  static std::uint64_t line_of(std::size_t i) { return (low.value + i) / memory_line_size; }

  std::map<StepIndex, Memory> steps_;
  std::map<std::uint64_t, StepIndex> first_;  // by line
  Memory now_;
};

class RandomWrites : public testing::TestWithParam<unsigned> {
 protected:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }

  // Mostly what is there already with a few bytes changed, as stops find it; sometimes at the same step
  // again.
  void write() {
    if (below(4) != 0) step_ += static_cast<StepIndex>(1 + below(3));
    const std::size_t at = below(range);
    const std::size_t size = 1 + below(below(3) == 0 ? range - at : std::min<std::size_t>(100, range - at));
    std::vector<std::byte> bytes(size);
    const Memory& now = naive_.at(step_);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = now[at + i].value;
    for (std::size_t changes = below(4); changes > 0; --changes) bytes[below(size)] = std::byte(below(3));
    naive_.write(step_, at, bytes);
    history_.write(step_, low + at, bytes);
  }

  std::mt19937 random_{GetParam()};
  Naive naive_;
  MemoryHistory history_;
  StepIndex step_ = 1;
};

TEST_P(RandomWrites, AreReadAsTheyStoodAtEachStep) {
  for (int i = 0; i < 300; ++i) write();
  for (StepIndex step = 0; step <= step_ + 1; ++step) {
    const Memory& expected = naive_.at(step);
    for (int i = 0; i < 8; ++i) {
      const std::size_t at = below(range);
      std::vector<std::byte> out(1 + below(range - at));
      std::size_t known = 0;
      while (known < out.size() && expected[at + known].known) ++known;
      ASSERT_EQ(history_.read(step, low + at, out), known) << "step " << step << " at " << at;
      for (std::size_t b = 0; b < known; ++b) ASSERT_EQ(out[b], expected[at + b].value) << "step " << step;
    }
  }
}

TEST_P(RandomWrites, AreKnownToHaveBeenWrittenLastWhenTheyChanged) {
  for (int i = 0; i < 120; ++i) write();
  for (int i = 0; i < 60; ++i) {
    const StepIndex step = static_cast<StepIndex>(below(step_ + 2));
    const std::size_t at = below(range);
    const std::size_t size = 1 + below(std::min<std::size_t>(40, range - at));
    ASSERT_EQ(history_.last_written(step, low + at, size), naive_.last_written(step, at, size))
        << "step " << step << " at " << at << " size " << size;
  }
}

TEST_P(RandomWrites, AreGivenOutAsWholeVersionsInOrder) {
  for (int i = 0; i < 300; ++i) write();
  std::size_t lines = 0;
  Address before{};
  history_.for_each_line([&](Address line, std::span<const LineVersion> versions) {
    ++lines;
    ASSERT_LT(before, line);
    before = line;
    std::vector<StepIndex> births;
    history_.for_each_birth({line, line + 1}, 0, step_ + 1, [&](StepIndex born) { births.push_back(born); });
    ASSERT_EQ(births.size(), versions.size());
    for (std::size_t v = 0; v < versions.size(); ++v) {
      const LineVersion& version = versions[v];
      ASSERT_EQ(version.born, births[v]);
      ASSERT_GE(version.seen, version.born);
      const bool newest = v + 1 == versions.size();
      const StepIndex last = newest ? step_ : versions[v + 1].born - 1;
      ASSERT_LE(version.seen, newest ? step_ : versions[v + 1].born);
      for (const StepIndex step : {version.born, last}) {
        const Memory& expected = naive_.at(step);
        for (std::size_t i = 0; i < memory_line_size; ++i) {
          const std::int64_t at = (line + i) - low;
          const bool inside = at >= 0 && at < static_cast<std::int64_t>(range);
          const Byte wanted = inside ? expected[static_cast<std::size_t>(at)] : Byte{};
          ASSERT_EQ((version.known >> i & 1U) != 0, wanted.known);
          ASSERT_EQ(version.bytes[i], wanted.value);
        }
      }
    }
  });
  EXPECT_EQ(lines, history_.line_count());
}

INSTANTIATE_TEST_SUITE_P(MemoryHistory, RandomWrites, testing::Range(1U, 6U));

}  // namespace
}  // namespace situ
