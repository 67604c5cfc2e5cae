// One concrete function's DIE into a FunctionInfo.
#pragma once

#include "symbols/elf_image.h"
#include "symbols/function_rows.h"
#include "symbols/names.h"
#include "symbols/rust_scopes.h"
#include "symbols/source_file.h"
#include "symbols/type_reader.h"
#include "symbols/units.h"
#include "symbols/user_code.h"

namespace situ {

struct FunctionRecord {
  FunctionInfo info;
  std::vector<FunctionRow> rows;  // by address within each range; their files live as long as the units
};

class FunctionReader {
 public:
  FunctionReader(Units& units, Names& names, TypeReader& types, SourceFiles& sources, const UserCode& user,
                 const ElfImage& image)
      : units_(units),
        names_(names),
        types_(types),
        sources_(sources),
        user_(user),
        image_(image),
        rust_scopes_(sources) {}

  std::unique_ptr<FunctionRecord> read(Unit& unit, const ConcreteFunction& function);
  // Without reading the rest of it.
  bool is_user(Unit& unit, const ConcreteFunction& function);
  VariableInfo variable(Dwarf_Die die);  // scope and compiler_made not set

 private:
  struct Declaration {
    std::string_view file;
    std::uint32_t line = 0;
  };

  Declaration declaration(Dwarf_Die function);
  void read_facts(Unit& unit, const ConcreteFunction& function, FunctionInfo& info);
  // Where it is declared; where its first row is if nothing is said.
  void set_declaration(Unit& unit, const ConcreteFunction& function, FunctionInfo& info);
  void read_scopes(Dwarf_Die function, FunctionInfo& info);
  Scope scope(Dwarf_Die die, const FunctionInfo& info, std::uint32_t parent);
  bool compiler_made(const VariableInfo& variable, bool artificial, const FunctionInfo& info);

  Units& units_;
  Names& names_;
  TypeReader& types_;
  SourceFiles& sources_;
  const UserCode& user_;
  const ElfImage& image_;
  RustScopes rust_scopes_;
};

}  // namespace situ
