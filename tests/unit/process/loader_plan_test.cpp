#include "process/loader_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace situ {
namespace {

using Place = LoaderPlan::Place;
using Step = LoaderPlan::Step;

LoaderMapping file(std::uint64_t size) {
  return {LoaderMapping::Kind::file, size};
}
LoaderMapping memory(std::uint64_t size) {
  return {LoaderMapping::Kind::memory, size};
}
Step asked(std::uint64_t size) {
  return {{}, Place::asked, size};
}

TEST(LoaderPlan, LeavesWhatCameAsRehearsed) {
  LoaderPlan plan({memory(8192), file(5000), memory(8192)});
  EXPECT_EQ(plan.next(memory(8192)), asked(8192));
  EXPECT_EQ(plan.next(file(5000)), asked(5000));
  EXPECT_EQ(plan.next(memory(8192)), asked(8192));
  EXPECT_THAT(plan.finish(), testing::IsEmpty());
  EXPECT_TRUE(plan.in_step());
}

TEST(LoaderPlan, SendsALargerOneAwayAndKeepsItsPlace) {
  LoaderPlan plan({memory(8192)});
  EXPECT_EQ(plan.next(memory(12288)), (Step{{8192}, Place::far, 12288}));
  EXPECT_THAT(plan.finish(), testing::IsEmpty());
}

TEST(LoaderPlan, EnlargesASmallerOne) {
  LoaderPlan plan({memory(12288)});
  EXPECT_EQ(plan.next(memory(8192)), asked(12288));
}

TEST(LoaderPlan, SendsOneTooManyAway) {
  LoaderPlan plan({file(5000)});
  EXPECT_EQ(plan.next(memory(8192)), (Step{{}, Place::far, 8192}));
  EXPECT_EQ(plan.next(file(5000)), asked(5000));
  EXPECT_EQ(plan.next(memory(4096)), (Step{{}, Place::far, 4096}));
  EXPECT_THAT(plan.finish(), testing::IsEmpty());
}

TEST(LoaderPlan, FillsInWhatDidNotComeBeforeTheNextFile) {
  LoaderPlan plan({memory(8192), memory(4096), file(5000), memory(12288)});
  EXPECT_EQ(plan.next(file(5000)), (Step{{8192, 4096}, Place::asked, 5000}));
  EXPECT_THAT(plan.finish(), testing::ElementsAre(12288));
}

TEST(LoaderPlan, GivesUpWhenAnotherFileComes) {
  LoaderPlan plan({memory(8192), file(5000), memory(8192)});
  EXPECT_EQ(plan.next(file(6000)), asked(6000));
  EXPECT_FALSE(plan.in_step());
  EXPECT_EQ(plan.next(memory(4096)), asked(4096));
  EXPECT_THAT(plan.finish(), testing::IsEmpty());
}

TEST(LoaderPlan, IsOutOfStepWhenAFileDidNotCome) {
  LoaderPlan plan({file(5000), memory(8192)});
  EXPECT_THAT(plan.finish(), testing::IsEmpty());
  EXPECT_FALSE(plan.in_step());
}

TEST(LoaderPlan, GivesUpWhenAFileTooManyComes) {
  LoaderPlan plan({file(5000)});
  plan.next(file(5000));
  plan.next(file(5000));
  EXPECT_FALSE(plan.in_step());
}

TEST(LoaderPlan, CountsWholePages) {
  LoaderPlan plan({memory(4097)});
  EXPECT_EQ(plan.next(memory(8192)), asked(8192));
}

}  // namespace
}  // namespace situ
