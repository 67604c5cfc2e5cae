// What must be true of every recording, on every sample, optimised or not.
#include "trace/consistency.h"
#include "trace/sample.h"

namespace situ::test {
namespace {

using testing::IsEmpty;

using Stems = std::vector<std::string>;
const Stems one_thread = {
    "borrow",          "box",        "call_chain",       "closures", "collections",  "copy",      "enums",
    "frames",          "free_order", "growth",           "move",     "nested_calls", "rectangle", "recursion",
    "reference_types", "scope",      "shared_ownership", "slices",   "value_types"};
const Stems only_cpp = {"dangling", "leak"};

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
  if (!rust()) expect_none(only_cpp, "O0", all_problems);
}
TEST_P(EverySample, IsAsConsistentWhenOptimised) {
  expect_none(one_thread, "O2", all_problems);
  if (!rust()) expect_none(only_cpp, "O2", all_problems);
}
TEST_P(EverySample, OfTwoThreadsIsAsConsistent) {
  for (const auto check : {step_problems, slot_problems, heap_problems})
    expect_none({"threads"}, "O0", check);
}

}  // namespace
}  // namespace situ::test
