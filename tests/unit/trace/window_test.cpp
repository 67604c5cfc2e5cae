#include "trace/window.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace situ {
namespace {

TEST(StepPlace, DigitsAreAStep) {
  EXPECT_EQ(parse_step_place("17").step, 17u);
}

TEST(StepPlace, AFileAndALine) {
  const StepPlace place = parse_step_place("src/box.rs:5");
  EXPECT_EQ(place.file, "src/box.rs");
  EXPECT_EQ(place.line, 5u);
  EXPECT_TRUE(place.function.empty());
}

TEST(StepPlace, AQualifiedNameIsAFunction) {
  EXPECT_EQ(parse_step_place("article::main").function, "article::main");
  EXPECT_EQ(parse_step_place("~Shape").function, "~Shape");
}

TEST(StepPlace, NonsenseIsAUsageError) {
  EXPECT_THROW(parse_step_place(""), Error);
  EXPECT_THROW(parse_step_place("box.rs:0"), Error);
  EXPECT_THROW(parse_step_place("box.rs:five"), Error);
}

}  // namespace
}  // namespace situ
