#include "symbols/static_reader.h"

#include <gmock/gmock.h>

#include "unit/symbols/opened_file.h"

namespace situ {
namespace {

using testing::UnorderedElementsAre;

std::vector<std::string> names_of(const std::vector<StaticInfo>& statics, VariableKind kind) {
  std::vector<std::string> names;
  for (const StaticInfo& info : statics)
    if (info.variable.kind == kind) names.push_back(info.variable.name);
  return names;
}

const StaticInfo* find(const std::vector<StaticInfo>& statics, std::string_view name) {
  for (const StaticInfo& info : statics)
    if (info.variable.name == name) return &info;
  ADD_FAILURE() << "no static " << name;
  static const StaticInfo none;
  return &none;
}

class CppStatics : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!has_target("sym_statics." + GetParam())) GTEST_SKIP();
  }
};

TEST_P(CppStatics, AreTheUsersAloneEachOnceWithTheNameOfWhatHoldsThem) {
  OpenedFile opened(target_path("sym_statics." + GetParam()));
  const auto statics = opened.file->statics();
  // g++ spells the long instance "long int".
  const std::string instance = GetParam().starts_with("gcc") ? "zero<long int>" : "zero<long>";
  std::vector<std::string> expected = {"plain",
                                       "hidden",
                                       "constant",
                                       "app::counter",
                                       "app::(anonymous namespace)::anonymous",
                                       "Shape::made",
                                       "Shape::next::last",
                                       "title",
                                       "zero<int>::value",
                                       instance + "::value"};
  // clang does not speak of a variable whose value it put in place.
  if (GetParam() != "clangO2") expected.emplace_back("main::word");
  EXPECT_THAT(names_of(statics, VariableKind::static_data), testing::UnorderedElementsAreArray(expected));
  EXPECT_THAT(names_of(statics, VariableKind::thread_local_data), UnorderedElementsAre("mine", "older"));
}

TEST_P(CppStatics, StandWhereTheSymbolTableSays) {
  OpenedFile opened(target_path("sym_statics." + GetParam()));
  const auto statics = opened.file->statics();
  const auto address = [&](std::string_view name) {
    const auto& locations = find(statics, name)->variable.locations;
    return locations.empty() ? FileAddress{} : FileAddress{locations[0].expression.at(0).number};
  };
  EXPECT_EQ(address("plain"), opened.file->symbol_address("plain"));
  EXPECT_EQ(address("app::counter"), opened.file->symbol_address("_ZN3app7counterE"));
  EXPECT_EQ(address("Shape::made"), opened.file->symbol_address("_ZN5Shape4madeE"));
  EXPECT_EQ(address("Shape::next::last"), opened.file->symbol_address("_ZZN5Shape4nextEvE4last"));
}

TEST_P(CppStatics, KnowWhereTheyAreDeclared) {
  OpenedFile opened(target_path("sym_statics." + GetParam()));
  const auto statics = opened.file->statics();
  const VariableInfo& counter = find(statics, "app::counter")->variable;
  EXPECT_EQ(counter.line, line_with("sym_statics.cpp", "int counter = 1;"));
  EXPECT_FALSE(counter.compiler_made);
  ASSERT_TRUE(counter.type);
  EXPECT_EQ(opened.plain(*counter.type).name, "int");
}

INSTANTIATE_TEST_SUITE_P(Compilers, CppStatics, testing::Values("gccO0", "gccO2", "clangO0", "clangO2"));

TEST(RustStatics, AreNamedAsDeclaredAndThreadLocalsAreEachOne) {
  if (!has_target("sym_statics.rustc")) GTEST_SKIP();
  OpenedFile opened(target_path("sym_statics.rustc"));
  const auto statics = opened.file->statics();
  EXPECT_THAT(names_of(statics, VariableKind::static_data),
              UnorderedElementsAre("sym_statics::GREETING", "sym_statics::COUNTER",
                                   "sym_statics::inner::LIMIT", "sym_statics::local::ONCE"));
  EXPECT_THAT(names_of(statics, VariableKind::thread_local_data),
              UnorderedElementsAre("sym_statics::SEEN", "sym_statics::NAMES"));
  EXPECT_FALSE(find(statics, "sym_statics::SEEN")->variable.compiler_made);
}

TEST(Statics, OfHeadersAndLibrariesAreNotTheUsers) {
  if (!has_target("sym_cpp.gcc5")) GTEST_SKIP();
  OpenedFile opened(target_path("sym_cpp.gcc5"));
  for (const StaticInfo& info : opened.file->statics())
    EXPECT_TRUE(info.variable.file.ends_with("sym_cpp.cpp")) << info.variable.name;
}

}  // namespace
}  // namespace situ
