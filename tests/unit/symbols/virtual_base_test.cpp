#include "opened_file.h"

namespace situ {
namespace {

class VirtualBases : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string name = std::string("sym_virtual.") + GetParam();
    if (!has_target(name)) GTEST_SKIP() << "this compiler is not here";
    opened = std::make_unique<OpenedFile>(target_path(name));
  }

  std::unique_ptr<OpenedFile> opened;
};

TEST_P(VirtualBases, AreNoFieldsButSayWhereInTheVtableTheirOffsetIs) {
  const Type both = opened->type(*opened->function("main"), "both");
  std::vector<std::string> fields;
  for (const Field& field : both.fields)
    if (!field.artificial) fields.push_back(field.name);
  EXPECT_EQ(fields, (std::vector<std::string>{"Left", "Right", "own"}));
  ASSERT_EQ(both.virtual_bases.size(), 1U);
  EXPECT_EQ(opened->plain(both.virtual_bases[0].type).name, "Far");
  // Itanium C++ ABI §2.5.2: before the offset to top and the type information.
  EXPECT_EQ(both.virtual_bases[0].vtable_offset, -24);

  const Type left = opened->plain(opened->field(both, "Left")->type);
  ASSERT_EQ(left.virtual_bases.size(), 1U);
  EXPECT_EQ(left.virtual_bases[0], both.virtual_bases[0]);
}

INSTANTIATE_TEST_SUITE_P(Compilers, VirtualBases, ::testing::Values("gcc", "clang"));

}  // namespace
}  // namespace situ
