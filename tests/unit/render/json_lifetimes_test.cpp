#include "render/json_lifetimes.h"

#include <gtest/gtest.h>

namespace situ {
namespace {

TEST(Intervals, EqualConsecutiveObservationsAreOneInterval) {
  Intervals all;
  for (StepIndex step = 2; step < 6; ++step) {
    all.observe(step, 7, "x", step);
    all.end_step(step);
  }
  ASSERT_EQ(all.of(7).size(), 1u);
  EXPECT_EQ(all.of(7)[0].life, (Lifetime{2, std::nullopt}));
  EXPECT_EQ(all.of(7)[0].seen, 5u);
}

TEST(Intervals, AnotherValueEndsTheOneBeforeAtTheSameStep) {
  Intervals all;
  for (const auto& [step, value] : {std::pair(0u, "a"), std::pair(1u, "a"), std::pair(2u, "b")}) {
    all.observe(step, 0, value, step);
    all.end_step(step);
  }
  ASSERT_EQ(all.of(0).size(), 2u);
  EXPECT_EQ(all.of(0)[0].life, (Lifetime{0, 2}));
  EXPECT_EQ(all.of(0)[1].life, (Lifetime{2, std::nullopt}));
}

TEST(Intervals, AValueThatComesBackIsANewInterval) {
  Intervals all;
  for (const auto& [step, value] : {std::pair(0u, "a"), std::pair(1u, "b"), std::pair(2u, "a")}) {
    all.observe(step, 0, value, step);
    all.end_step(step);
  }
  ASSERT_EQ(all.of(0).size(), 3u);
  EXPECT_EQ(all.of(0)[2].life, (Lifetime{2, std::nullopt}));
}

TEST(Intervals, WhatIsNotObservedAnyMoreDied) {
  Intervals all;
  all.observe(0, 3, "a", 0);
  all.end_step(0);
  all.end_step(1);
  all.end_step(2);
  ASSERT_EQ(all.of(3).size(), 1u);
  EXPECT_EQ(all.of(3)[0].life, (Lifetime{0, 1}));
}

TEST(Intervals, HoldersWithEqualValuesStayApart) {
  Intervals all;
  all.observe(0, 1, "a", 0);
  all.observe(0, 2, "a", 0);
  all.end_step(0);
  all.observe(1, 2, "a", 1);
  all.end_step(1);
  EXPECT_EQ(all.of(1).at(0).life, (Lifetime{0, 1}));
  EXPECT_EQ(all.of(2).at(0).life, (Lifetime{0, std::nullopt}));
  EXPECT_TRUE(all.of(9).empty());
}

TEST(Intervals, SeenIsTheNewestReadAndNeverGoesBack) {
  Intervals all;
  all.observe(4, 0, "a", 4);
  all.end_step(4);
  all.observe(5, 0, "a", 2);  // its thread ran on: not read again
  all.end_step(5);
  EXPECT_EQ(all.of(0).at(0).seen, 4u);
}

}  // namespace
}  // namespace situ
