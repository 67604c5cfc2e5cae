// `situ cost`: what it says is there and plausible; how fast this machine is, no test says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "support/run_program.h"

namespace situ::test {
namespace {

using testing::HasSubstr;

Ran cost(std::vector<std::string> options) {
  options.insert(options.begin(), {SITU, "cost"});
  return run_program(options);
}

TEST(Cost, JsonHasEveryCostAndNoneIsNothing) {
  const Ran ran = cost({"--json", "-o", "-"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report.at("format"), "situ-cost");
  EXPECT_GT(report.at("cycles_per_ns").get<double>(), 0);
  std::map<std::string, nlohmann::json> costs;
  for (const auto& one : report.at("costs")) costs[one.at("name")] = one;
  for (const char* name :
       {"stack_local", "call", "malloc_free", "heap_near", "heap_cold", "pointer_near", "pointer_far"}) {
    for (const char* unit : {"cycles", "ns"}) {
      const auto& spread = costs[name].at(unit);
      EXPECT_GT(spread.at("best").get<double>(), 0) << name;
      EXPECT_GE(spread.at("median").get<double>(), spread.at("best").get<double>()) << name;
      EXPECT_GE(spread.at("nine_in_ten").get<double>(), spread.at("median").get<double>()) << name;
    }
  }
}

TEST(Cost, TextSaysWhatWasMeasuredAndHow) {
  const Ran ran = cost({});
  ASSERT_EQ(ran.status, 0) << ran.err;
  for (const char* part : {"a local on the stack", "malloc of 24 bytes", "in no cache", "a pointer followed",
                           "time stamp counter", "thread of its own"})
    EXPECT_THAT(ran.out, HasSubstr(part));
}

TEST(Cost, TracesNoProgram) {
  const Ran ran = cost({"--", "/bin/true"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("traces no program"));
}

}  // namespace
}  // namespace situ::test
