#include "symbols/demangle.h"

#include <gtest/gtest.h>

#include <string>

namespace situ {
namespace {

TEST(Demangle, LeavesPlainNamesAlone) {
  EXPECT_EQ(demangle("main"), "main");
  EXPECT_EQ(demangle(""), "");
  EXPECT_EQ(demangle("_Z"), "_Z");
}

TEST(Demangle, DropsArgumentListsOfCpp) {
  EXPECT_EQ(demangle("_ZNK5Shape4areaEi"), "Shape::area");
  EXPECT_EQ(demangle("_Znwm"), "operator new");
  EXPECT_EQ(demangle("_Z5twiceIiET_S0_"), "twice<int>");
  EXPECT_EQ(demangle("_ZTV3Dog"), "vtable for Dog");
}

TEST(Demangle, DropsTheHashOfLegacyRust) {
  EXPECT_EQ(demangle("_ZN6boxmin4main17h8b58ba2585d89df4E"), "boxmin::main");
  EXPECT_EQ(demangle("_ZN43_$LT$types..Cat$u20$as$u20$types..Speak$GT$5speak17hfb0a6e0a7b2f3819E"),
            "<types::Cat as types::Speak>::speak");
}

TEST(Demangle, DropsTheCrateHashOfRustV0) {
  EXPECT_EQ(demangle("_RNvCs15kBYyAo9fc_7mycrate7example"), "mycrate::example");
  EXPECT_EQ(demangle("_RNCNvCs15kBYyAo9fc_7mycrate7example0B3_"), "mycrate::example::{closure#0}");
}

TEST(Demangle, SurvivesDamagedAndHugeNames) {
  EXPECT_EQ(demangle("_RNvCs15kBYyAo9fc_7mycra"), "_RNvCs15kBYyAo9fc_7mycra");
  EXPECT_EQ(demangle("_ZN5"), "_ZN5");
  const std::string huge = "_Z" + std::string(100'000, 'P');
  EXPECT_EQ(demangle(huge), huge);
}

}  // namespace
}  // namespace situ
