// A target program of one compiler, opened: what the tests of files share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "symbols/source_file.h"
#include "symbols/symbol_file.h"

namespace situ {

inline std::string target_path(const std::string& name) {
  return std::string(SITU_SYM_TARGETS) + "/" + name;
}
inline bool has_target(const std::string& name) {
  return std::filesystem::exists(target_path(name));
}

struct OpenedFile {
  explicit OpenedFile(const std::string& path) : file(SymbolFile::open(path, table, user)) {}

  const FunctionInfo* function(std::string_view name) {
    for (const FunctionInfo* found : file->user_functions())
      if (found->name == name) return found;
    ADD_FAILURE() << "no function " << name << " in " << file->path();
    static const FunctionInfo none;
    return &none;
  }
  static const VariableInfo* variable(const FunctionInfo& function, std::string_view name,
                                      std::uint32_t line = 0) {
    for (const VariableInfo& found : function.variables)
      if (found.name == name && (line == 0 || found.line == line)) return &found;
    ADD_FAILURE() << "no variable " << name << " in " << function.name;
    static const VariableInfo none;
    return &none;
  }
  // The type of a variable, through typedefs and const.
  const Type& type(const FunctionInfo& function, std::string_view name) {
    const VariableInfo* found = variable(function, name);
    EXPECT_TRUE(found->type) << name;
    return found->type ? plain(*found->type) : types.front();
  }
  const Type& plain(TypeId id) {
    const Type* type = &types[id.value];
    while (type->kind == TypeKind::alias && type->target) type = &types[type->target->value];
    return *type;
  }
  const Field* field(const Type& type, std::string_view name) {
    for (const Field& found : type.fields)
      if (found.name == name) return &found;
    ADD_FAILURE() << "no field " << name << " in " << type.name;
    static const Field none;
    return &none;
  }
  const Variant* variant(const Type& type, std::string_view name) {
    for (const Variant& found : type.variants)
      if (found.name == name) return &found;
    ADD_FAILURE() << "no variant " << name << " in " << type.name;
    static const Variant none;
    return &none;
  }

  std::vector<Type> types;
  TypeTable table{types};
  UserCode user;
  std::unique_ptr<SymbolFile> file;
};

// Line of the first source line with `text`.
inline std::uint32_t line_with(const std::string& source, std::string_view text) {
  static SourceFiles files;
  const std::string path = std::string(SITU_SYM_SOURCES) + "/" + source;
  for (std::uint32_t i = 1; const auto line = files.line(path, i); ++i)
    if (line->find(text) != std::string_view::npos) return i;
  ADD_FAILURE() << "no line with " << text << " in " << source;
  return 0;
}

inline std::vector<std::uint32_t> lines_of(const FunctionInfo& function) {
  std::vector<std::uint32_t> lines;
  for (const Statement& statement : function.statements) lines.push_back(statement.line);
  return lines;
}

inline bool in_scope(const FunctionInfo& function, const VariableInfo& variable, FileAddress address) {
  const auto scopes = SymbolFile::scopes_at(function, address);
  return std::find(scopes.begin(), scopes.end(), variable.scope) != scopes.end();
}

}  // namespace situ
