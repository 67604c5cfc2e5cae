// What must be true of every recording, on every sample, optimised or not.
#include "trace/consistency.h"
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::IsEmpty;

using Stems = std::vector<std::string>;
const Stems one_thread = {"box", "copy", "frames", "free_order", "growth", "nested_calls", "value_types"};

class EverySample : public Sample {
 protected:
  static void expect_none(const Stems& stems, const std::string& optimisation,
                          Problems (*check)(const RecordingJson&)) {
    for (const std::string& stem : stems) EXPECT_THAT(check(recorded(stem, optimisation)), IsEmpty()) << stem;
  }
};
INSTANTIATE_TEST_SUITE_P(Compiler, EverySample, testing::ValuesIn(compilers()), compiler_name);

TEST_P(EverySample, HoldsTogether) {
  expect_none(one_thread, "O0", all_problems);
}
TEST_P(EverySample, IsAsConsistentWhenOptimised) {
  expect_none(one_thread, "O2", all_problems);
}
TEST_P(EverySample, OfTwoThreadsIsAsConsistent) {
  for (const auto check : {step_problems, slot_problems, heap_problems})
    expect_none({"threads"}, "O0", check);
}

}  // namespace
}  // namespace situ::test
