#include "opened_file.h"

namespace situ {
namespace {

class RustFile : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_target("sym_rust.rustc")) GTEST_SKIP() << "rustc is not here";
  }
  static std::unique_ptr<OpenedFile> open(const char* name) {
    return std::make_unique<OpenedFile>(target_path(name));
  }
};

TEST_F(RustFile, StopsInTheArticlesProgramInTheOrderOfItsSource) {
  const auto opened = open("sym_box.rustc");
  const FunctionInfo& main = *opened->function("sym_box::main");
  EXPECT_TRUE(main.main_subprogram);
  EXPECT_FALSE(main.optimised);
  EXPECT_TRUE(std::ranges::is_sorted(lines_of(main)));
  EXPECT_EQ(lines_of(main).front(), 2U);
  EXPECT_EQ(lines_of(main).back(), 4U);
  EXPECT_EQ(main.statements.front().address, main.body);
  EXPECT_GT(main.body, main.entry);
}

TEST_F(RustFile, KeepsTheBoxInScopeUpToTheClosingBrace) {
  const auto opened = open("sym_box.rustc");
  const FunctionInfo& main = *opened->function("sym_box::main");
  const VariableInfo& x = *OpenedFile::variable(main, "x", 2);
  const VariableInfo& y = *OpenedFile::variable(main, "y", 3);
  const FileAddress brace = main.statements.back().address;
  EXPECT_TRUE(in_scope(main, x, brace));
  EXPECT_TRUE(in_scope(main, y, brace));
  EXPECT_FALSE(in_scope(main, x, main.body));
  EXPECT_FALSE(x.compiler_made);
  // Box::new's own parameter x belongs to an inlined library function.
  const VariableInfo* inlined = nullptr;
  for (const VariableInfo& found : main.variables)
    if (found.name == "x" && main.scopes[found.scope].inlined) inlined = &found;
  ASSERT_NE(inlined, nullptr);
  EXPECT_FALSE(main.scopes[inlined->scope].inlined_user);
  EXPECT_EQ(main.scopes[inlined->scope].call_line, 2U);
}

TEST_F(RustFile, DoesNotStopAtConstantsThatWereHoisted) {
  const auto opened = open("sym_hoist.rustc");
  const FunctionInfo& main = *opened->function("sym_hoist::main");
  const std::uint32_t call = line_with("sym_hoist.rs", "let a = side()");
  EXPECT_EQ(lines_of(main).front(), call);
  const VariableInfo& b = *OpenedFile::variable(main, "b");
  const VariableInfo& inner = *OpenedFile::variable(main, "inner");
  const auto at_line = [&](std::string_view text) {
    const std::uint32_t line = line_with("sym_hoist.rs", text);
    for (const Statement& statement : main.statements)
      if (statement.line == line) return statement.address;
    ADD_FAILURE() << "no statement with " << text;
    return FileAddress{};
  };
  EXPECT_FALSE(in_scope(main, b, at_line("let a")));
  EXPECT_TRUE(in_scope(main, b, at_line("\"in\"")));
  EXPECT_TRUE(in_scope(main, b, at_line("\"{}\", a")));
  EXPECT_TRUE(in_scope(main, inner, at_line("\"in\"")));
  EXPECT_FALSE(in_scope(main, inner, at_line("\"{}\", a")));
}

TEST_F(RustFile, NamesFunctionsWithoutHashes) {
  const auto opened = open("sym_rust.rustc");
  std::vector<std::string> names;
  for (const FunctionInfo* found : opened->file->user_functions()) {
    names.push_back(found->name);
    EXPECT_EQ(found->name.find("17h"), std::string::npos) << found->name;
    EXPECT_EQ(found->name.find("{impl#"), std::string::npos) << found->name;
    EXPECT_EQ(found->language, Language::rust);
    EXPECT_TRUE(found->file.ends_with("/sym_rust.rs")) << found->file;
  }
  for (const char* wanted :
       {"sym_rust::main", "sym_rust::main::{closure#0}", "sym_rust::inner::deep::go", "sym_rust::Cat::new",
        "<sym_rust::Cat as sym_rust::Speak>::speak", "sym_rust::show<sym_rust::Dog>"})
    EXPECT_EQ(std::count(names.begin(), names.end(), wanted), 1) << wanted;
}

TEST_F(RustFile, HidesWhatMacrosAndLoopsMade) {
  const auto opened = open("sym_rust.rustc");
  const FunctionInfo& main = *opened->function("sym_rust::main");
  for (const VariableInfo& found : main.variables) {
    if (main.scopes[found.scope].inlined) continue;
    const bool theirs = found.name == "args" || found.name == "iter";
    EXPECT_EQ(found.compiler_made, theirs) << found.name << " in line " << found.line;
  }
  for (const char* name : {"cat", "shapes", "boxed", "add"})
    EXPECT_FALSE(OpenedFile::variable(main, name)->compiler_made) << name;
  const FunctionInfo& speak = *opened->function("<sym_rust::Cat as sym_rust::Speak>::speak");
  EXPECT_FALSE(OpenedFile::variable(speak, "self")->compiler_made);
  const FunctionInfo& derived = *opened->function("<sym_rust::Shape as core::fmt::Debug>::fmt");
  EXPECT_TRUE(OpenedFile::variable(derived, "self")->compiler_made);
}

TEST_F(RustFile, ReadsEnumsWithDataAndTheirDiscriminants) {
  const auto opened = open("sym_rust.rustc");
  const FunctionInfo& main = *opened->function("sym_rust::main");
  const auto element = [&](const char* name) -> const Type& {
    return opened->plain(*opened->type(main, name).element);
  };
  const Type& shape = element("shapes");
  EXPECT_EQ(shape.kind, TypeKind::choice);
  EXPECT_EQ(shape.name, "sym_rust::Shape");
  EXPECT_EQ(shape.variants.size(), 3U);
  EXPECT_TRUE(shape.discriminant);
  EXPECT_EQ(opened->types[opened->variant(shape, "Rect")->type.value].fields.size(), 2U);

  const Type& negative = element("negative");  // of 16 bits
  EXPECT_TRUE(opened->variant(negative, "A")->discriminant == UInt128{0xfffe});
  EXPECT_TRUE(opened->variant(negative, "B")->discriminant == UInt128{200});
  EXPECT_TRUE(opened->variant(negative, "C")->discriminant == UInt128{0xfed4});

  const Type& letter = opened->type(main, "letter");  // niche
  EXPECT_TRUE(opened->variant(letter, "None")->discriminant == UInt128{0x110000});
  EXPECT_FALSE(opened->variant(letter, "Some")->discriminant);
  const Type& niche = opened->type(main, "niche");  // of 128 bits
  EXPECT_TRUE(opened->variant(niche, "None")->discriminant == UInt128{0});
  EXPECT_EQ(opened->plain(niche.discriminant->type).size, 16U);
  const Type& owned = opened->type(main, "owned");
  EXPECT_TRUE(opened->variant(owned, "None")->discriminant == UInt128{0});

  const Type& sure = opened->type(main, "sure");  // its error cannot be
  EXPECT_FALSE(sure.discriminant);
  ASSERT_EQ(sure.variants.size(), 1U);
  EXPECT_EQ(sure.variants[0].name, "Ok");
}

TEST_F(RustFile, ReadsEnumsWithoutDataUpTo128Bits) {
  const auto opened = open("sym_rust.rustc");
  const FunctionInfo& main = *opened->function("sym_rust::main");
  const Type& plain = opened->plain(opened->field(opened->type(main, "plain"), "__0")->type);
  EXPECT_EQ(plain.kind, TypeKind::enumeration);
  EXPECT_EQ(plain.enumerators, (std::vector<Enumerator>{{"X", Int128{3}}, {"Y", Int128{9}}}));
  const Type& huge = opened->plain(opened->field(opened->type(main, "huge"), "__0")->type);
  // rustc before 1.89 has no enums of 128 bits.
  ASSERT_TRUE(huge.size == 16U || huge.size == 8U);
  EXPECT_TRUE(huge.enumerators[1].value == Int128{1} << (huge.size == 16U ? 100 : 60));
}

TEST_F(RustFile, NamesTypesAsPeopleWriteThem) {
  const auto opened = open("sym_rust.rustc");
  const FunctionInfo& main = *opened->function("sym_rust::main");
  const auto name = [&](const char* variable) { return opened->type(main, variable).name; };
  EXPECT_EQ(name("numbers"), "alloc::vec::Vec<i32, alloc::alloc::Global>");
  EXPECT_EQ(name("boxed"), "alloc::boxed::Box<dyn sym_rust::Speak, alloc::alloc::Global>");
  EXPECT_EQ(name("point"), "sym_rust::Point<u16>");
  EXPECT_EQ(name("negative"), "[sym_rust::Negative; 3]");
  EXPECT_EQ(name("add"), "sym_rust::main::{closure_env#0}");
  const Type& vector = opened->type(main, "numbers");
  ASSERT_EQ(vector.template_arguments.size(), 2U);
  EXPECT_EQ(opened->plain(*vector.template_arguments[0].type).name, "i32");
}

TEST_F(RustFile, KnowsWhoseVtableItIs) {
  const auto opened = open("sym_rust.rustc");
  bool found = false;
  for (const StaticInfo& vtable : opened->file->vtables()) {
    if (vtable.variable.name != "<sym_rust::Dog as sym_rust::Speak>::{vtable}") continue;
    found = true;
    ASSERT_TRUE(vtable.vtable_of);
    EXPECT_EQ(opened->types[vtable.vtable_of->value].name, "sym_rust::Dog");
    EXPECT_TRUE(vtable.address);
  }
  EXPECT_TRUE(found);
}

TEST_F(RustFile, ReadsOnlyUserTypesAtFirst) {
  const auto opened = open("sym_box.rustc");
  opened->file->user_functions();
  EXPECT_LT(opened->types.size(), 100U);
}

TEST_F(RustFile, MapsInlinedLibraryRowsToTheCallersLineWhenOptimised) {
  const auto opened = open("sym_rust.rustcO");
  const FunctionInfo& main = *opened->function("sym_rust::main");
  EXPECT_TRUE(main.optimised);
  EXPECT_EQ(main.body, main.entry);
  for (const Statement& statement : main.statements)
    EXPECT_TRUE(statement.file.ends_with("/sym_rust.rs")) << statement.file;
}

}  // namespace
}  // namespace situ
