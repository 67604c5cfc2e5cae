#include <dwarf.h>

#include "opened_file.h"

namespace situ {
namespace {

constexpr const char* source = "sym_cpp.cpp";

class CppFile : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!has_target(name())) GTEST_SKIP() << "this compiler is not here";
    opened = std::make_unique<OpenedFile>(target_path(name()));
  }
  static std::string name() { return std::string("sym_cpp.") + GetParam(); }
  static bool gcc() { return !name().ends_with("clang4") && !name().ends_with("clang5"); }
  const FunctionInfo& function(std::string_view function_name) { return *opened->function(function_name); }
  const FunctionInfo& main() { return function("main"); }

  std::unique_ptr<OpenedFile> opened;
};

TEST_P(CppFile, HasTheUsersFunctionsByTheirQualifiedNames) {
  EXPECT_TRUE(opened->file->has_debug_info());
  std::vector<std::string> names;
  for (const FunctionInfo* found : opened->file->user_functions()) {
    names.push_back(found->name);
    EXPECT_TRUE(found->user);
    EXPECT_TRUE(found->file.ends_with("/sym_cpp.cpp")) << found->file;
    EXPECT_EQ(found->language, Language::cpp);
    EXPECT_FALSE(found->optimised) << found->name;
  }
  for (const char* wanted : {"sum", "take", "main", "twice<int>", "geo::Shape::area", "geo::Square::area"})
    EXPECT_EQ(std::count(names.begin(), names.end(), wanted), 1) << wanted;
  EXPECT_TRUE(main().main_subprogram);
  EXPECT_EQ(main().line, line_with(source, "mark: main"));
  EXPECT_EQ(function("geo::Shape::area").line, line_with(source, "mark: Shape::area"));
}

TEST_P(CppFile, FindsAFunctionByAnyOfItsAddresses) {
  const FunctionInfo& take = function("take");
  const FileRange range = take.ranges.front();
  EXPECT_EQ(opened->file->function_at(range.low), &take);
  EXPECT_EQ(opened->file->function_at(range.high - 1), &take);
  EXPECT_NE(opened->file->function_at(range.high), &take);
  EXPECT_EQ(opened->file->function_at({1}), nullptr);
  // A library's function in the user's unit has its own record.
  bool library = false;
  for (FileAddress a = range.low; a < range.low + 0x4000; a = a + 16)
    if (const FunctionInfo* found = opened->file->function_at(a)) library = library || !found->user;
  EXPECT_TRUE(library);
}

TEST_P(CppFile, BeginsTheBodyBehindThePrologue) {
  EXPECT_GT(main().body, main().entry);
  ASSERT_FALSE(main().statements.empty());
  EXPECT_EQ(main().statements.front().line, line_with(source, "mark: first"));
  EXPECT_EQ(main().statements.front().address, main().body);
  EXPECT_EQ(opened->file->line_at(main().body)->line, line_with(source, "mark: first"));
  EXPECT_EQ(opened->file->line_at(main().entry)->line, main().line);
}

TEST_P(CppFile, StopsAtEveryLineOfALoop) {
  const auto lines = lines_of(function("sum"));
  const std::uint32_t loop = line_with(source, "mark: for");
  EXPECT_GE(std::count(lines.begin(), lines.end(), loop), 2);  // before the body and behind it
  EXPECT_EQ(std::count(lines.begin(), lines.end(), loop + 1), 1);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), loop + 2), 1);
  EXPECT_EQ(std::count(lines.begin(), lines.end(), 0U), 0);
  EXPECT_TRUE(std::is_sorted(function("sum").statements.begin(), function("sum").statements.end(),
                             [](const Statement& a, const Statement& b) { return a.address < b.address; }));
}

TEST_P(CppFile, KeepsAShadowingVariableInItsBlock) {
  const std::uint32_t line = line_with(source, "mark: shadow");
  const VariableInfo* outer = OpenedFile::variable(main(), "square", line_with(source, "mark: first"));
  const VariableInfo* inner = OpenedFile::variable(main(), "square", line);
  ASSERT_NE(outer->scope, inner->scope);
  const auto at = std::find_if(main().statements.begin(), main().statements.end(),
                               [&](const Statement& statement) { return statement.line == line + 1; });
  ASSERT_NE(at, main().statements.end());
  const auto scopes = SymbolFile::scopes_at(main(), at->address);
  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes[0], inner->scope);
  EXPECT_EQ(scopes[1], outer->scope);
  EXPECT_FALSE(in_scope(main(), *inner, main().body));
}

TEST_P(CppFile, HidesWhatTheCompilerMade) {
  for (const VariableInfo& found : main().variables) {
    const bool theirs = found.name.empty() || found.name.starts_with("__");
    EXPECT_EQ(found.compiler_made, theirs) << found.name;
  }
  for (const VariableInfo& found : function("sum").variables)
    EXPECT_EQ(found.compiler_made, found.name.empty() || found.name.starts_with("__")) << found.name;
  EXPECT_FALSE(OpenedFile::variable(main(), "left")->compiler_made);
  EXPECT_FALSE(OpenedFile::variable(function("geo::Square::area"), "this")->compiler_made);
}

TEST_P(CppFile, TellsParametersLocalsAndStatics) {
  EXPECT_EQ(OpenedFile::variable(function("take"), "text")->kind, VariableKind::parameter);
  EXPECT_EQ(OpenedFile::variable(main(), "node")->kind, VariableKind::local);
  EXPECT_EQ(OpenedFile::variable(main(), "counter")->kind, VariableKind::static_data);
}

TEST_P(CppFile, PutsLocalsIntoTheFrame) {
  Registers registers;
  registers.set(Reg::rsp, 0x7000);
  registers.set(Reg::rbp, 0x7f00);
  LocationContext context;
  context.registers = &registers;
  context.cfa = Address{0x7f10};
  context.frame_base = &main().frame_base;
  const VariableInfo* node = OpenedFile::variable(main(), "node");
  ASSERT_EQ(node->locations.size(), 1U);
  const Place place = evaluate(node->locations[0].expression, context, 48);
  EXPECT_EQ(place.kind, PlaceKind::stack);
  EXPECT_LT(place.address, context.cfa);
}

TEST_P(CppFile, ReadsRecordsBasesAndBitFields) {
  const Type& square = opened->type(main(), "square");
  EXPECT_EQ(square.name, "geo::Square");
  EXPECT_EQ(square.size, 16U);
  ASSERT_FALSE(square.fields.empty());
  EXPECT_TRUE(square.fields[0].base_class);
  EXPECT_EQ(square.fields[0].name, "geo::Shape");
  EXPECT_EQ(opened->field(square, "side")->offset, 8U);
  EXPECT_EQ(opened->type(main(), "hidden").name, "geo::(anonymous namespace)::Hidden");

  const Type& bits = opened->type(main(), "bits");
  struct Expected {
    const char* name;
    std::uint32_t size, bit;
  };
  for (const Expected& e : {Expected{"low", 3, 0}, Expected{"high", 7, 3}, Expected{"last", 5, 64}}) {
    const Field* field = opened->field(bits, e.name);
    EXPECT_EQ(field->bit_size, e.size) << e.name;
    EXPECT_EQ(field->offset * 8 + field->bit_position, e.bit) << e.name;
  }
  EXPECT_EQ(opened->field(bits, "apart")->offset, 4U);
  EXPECT_EQ(opened->field(bits, "apart")->bit_size, std::nullopt);
}

TEST_P(CppFile, ReadsPointersArraysAndEnums) {
  const Type& node = opened->type(main(), "node");
  const Type& next = opened->plain(opened->field(node, "next")->type);
  EXPECT_EQ(next.name, "Node*");
  EXPECT_EQ(next.size, 8U);
  EXPECT_EQ(&opened->types[next.target->value], &node);
  EXPECT_EQ(opened->types[opened->field(node, "name")->type.value].name, "const char*");
  const Type& grid = opened->plain(opened->field(node, "grid")->type);
  EXPECT_EQ(grid.name, "int[2][3]");
  EXPECT_EQ(grid.count, 2U);
  EXPECT_EQ(grid.size, 24U);
  const Type& row = opened->plain(*grid.element);
  EXPECT_EQ(row.name, "int[3]");
  EXPECT_EQ(row.count, 3U);
  EXPECT_EQ(opened->plain(*row.element).name, "int");

  const Type& color = opened->type(main(), "color");
  EXPECT_EQ(color.kind, TypeKind::enumeration);
  EXPECT_EQ(color.size, 1U);
  EXPECT_EQ(color.enumerators, (std::vector<Enumerator>{{"red", Int128{0}}, {"green", Int128{200}}}));
  EXPECT_EQ(opened->type(main(), "plain").enumerators[0].value, Int128{-2});
  EXPECT_EQ(opened->type(main(), "both").kind, TypeKind::union_type);
}

TEST_P(CppFile, SpellsTypesWithoutAName) {
  const auto name = [&](const char* variable) {
    return opened->types[OpenedFile::variable(main(), variable)->type->value].name;
  };
  EXPECT_EQ(name("function"), "int (*)(int)");
  EXPECT_EQ(name("member"), "int geo::Square::*");
  EXPECT_EQ(name("reference"), "int&");
  EXPECT_TRUE(name("fixed") == "const volatile Count" || name("fixed") == "volatile const Count")
      << name("fixed");
  EXPECT_EQ(opened->type(main(), "nothing").size, 8U);
  EXPECT_EQ(opened->type(main(), "wide").size, 16U);
  EXPECT_EQ(opened->type(main(), "fixed").name, "int");
}

TEST_P(CppFile, LeavesTheLengthOfAVariableArrayOpen) {
  const Type& items = opened->type(function("sum"), "items");
  EXPECT_EQ(items.kind, TypeKind::array);
  EXPECT_EQ(items.count, std::nullopt);
  EXPECT_EQ(items.size, std::nullopt);
  const VariableInfo& variable = *OpenedFile::variable(function("sum"), "items");
  ASSERT_TRUE(variable.count);
  EXPECT_EQ(variable.count->upper_bound, gcc());
  EXPECT_EQ(variable.count->stored.has_value(), !gcc()) << "clang names the variable that holds it";
  const Type& elsewhere = opened->plain(*opened->type(function("take"), "elsewhere").target);
  EXPECT_TRUE(elsewhere.declaration_only);
  EXPECT_EQ(elsewhere.size, std::nullopt);
}

TEST_P(CppFile, KnowsTemplateArguments) {
  const Type& numbers = opened->type(main(), "numbers");
  EXPECT_TRUE(numbers.name.starts_with("std::vector<int")) << numbers.name;
  ASSERT_FALSE(numbers.template_arguments.empty());
  EXPECT_EQ(opened->plain(*numbers.template_arguments[0].type).name, "int");
}

INSTANTIATE_TEST_SUITE_P(Compilers, CppFile,
                         ::testing::Values("gcc4", "gcc5", "clang4", "clang5", "zlib", "types", "split",
                                           "stripped"));

class OptimisedCppFile : public ::testing::TestWithParam<const char*> {};

TEST_P(OptimisedCppFile, IsKnownToBeOptimised) {
  const std::string name = std::string("sym_cpp.") + GetParam();
  if (!has_target(name)) GTEST_SKIP() << "this compiler is not here";
  OpenedFile opened(target_path(name));
  const FunctionInfo& main = *opened.function("main");
  EXPECT_TRUE(main.optimised);
  EXPECT_EQ(main.body, main.entry);
  ASSERT_FALSE(main.statements.empty());
  // No statement stands in library text: inlined library code counts as its caller's line.
  for (const Statement& statement : main.statements)
    EXPECT_TRUE(statement.file.ends_with("/sym_cpp.cpp")) << statement.file;
}

INSTANTIATE_TEST_SUITE_P(Compilers, OptimisedCppFile, ::testing::Values("gccO2", "clangO2"));

TEST(ColdPart, BelongsToItsFunction) {
  OpenedFile opened(target_path("sym_cold.gccO2"));
  const FunctionInfo& checked = *opened.function("checked");
  ASSERT_EQ(checked.ranges.size(), 2U);
  EXPECT_EQ(checked.ranges[0].low, checked.entry);
  EXPECT_EQ(opened.file->function_at(checked.ranges[1].low), &checked);
  EXPECT_EQ(opened.file->symbol_address("_Z7checkediPi"), checked.entry);
}

class Units : public ::testing::TestWithParam<const char*> {};

TEST_P(Units, ShareTypesAndCompleteDeclarations) {
  const std::string name = std::string("sym_units.") + GetParam();
  if (!has_target(name)) GTEST_SKIP() << "this compiler is not here";
  OpenedFile opened(target_path(name));
  const FunctionInfo& main = *opened.function("main");
  const FunctionInfo& use = *opened.function("use");
  EXPECT_EQ(OpenedFile::variable(main, "shared")->type, OpenedFile::variable(use, "shared")->type);
  const Type& complete = opened.plain(*opened.type(main, "complete").target);
  EXPECT_FALSE(complete.declaration_only);
  EXPECT_EQ(complete.size, 8U);
}

INSTANTIATE_TEST_SUITE_P(Compilers, Units, ::testing::Values("gcc", "clang"));

TEST(ElfSymbols, CoverOnlyTheirOwnBytes) {
  OpenedFile opened(target_path("sym_cpp.plain"));
  EXPECT_FALSE(opened.file->has_debug_info());
  EXPECT_TRUE(opened.file->user_functions().empty());
  const auto address = opened.file->symbol_address("_Z3sumi");
  ASSERT_TRUE(address);
  const auto symbol = opened.file->symbol_at(*address + 1);
  ASSERT_TRUE(symbol);
  EXPECT_EQ(symbol->demangled, "sum");
  EXPECT_TRUE(symbol->function);
  const auto next = opened.file->symbol_at(symbol->range.high);
  EXPECT_TRUE(!next || next->name != symbol->name);
  EXPECT_EQ(opened.file->symbol_address("printf"), std::nullopt);  // imported, not defined
  EXPECT_EQ(opened.file->function_at(*address), nullptr);
  EXPECT_EQ(opened.file->line_at(*address), std::nullopt);
}

TEST(SymbolFile, HasABuildIdAndALowestAddress) {
  OpenedFile opened(target_path("sym_cpp.gcc5"));
  EXPECT_EQ(opened.file->build_id().size(), 40U);
  EXPECT_EQ(opened.file->lowest_address(), FileAddress{0});
  OpenedFile stripped(target_path("sym_cpp.stripped"));
  EXPECT_EQ(stripped.file->build_id(), opened.file->build_id());
}

}  // namespace
}  // namespace situ
