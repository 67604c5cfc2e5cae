// The variables of a file that live outside frames: globals, statics of namespaces, classes and functions,
// thread-locals.
#pragma once

#include <string>
#include <vector>

#include "symbols/elf_symbols.h"
#include "symbols/function_reader.h"

namespace situ {

class StaticReader {
 public:
  StaticReader(Units& units, Names& names, FunctionReader& functions, SourceFiles& sources,
               const UserCode& user, ElfSymbols& symbols)
      : units_(units),
        names_(names),
        functions_(functions),
        sources_(sources),
        user_(user),
        symbols_(symbols) {}

  // Those of the user's code, each once, in the order of the debug info.
  std::vector<StaticInfo> read();

 private:
  // Empty: not the user's, or not in the program.
  std::optional<StaticInfo> read_one(const Unit& unit, const UnitContents::Container& found);
  std::string qualified(Dwarf_Die die, std::int32_t holder, const VariableInfo& variable);

  Units& units_;
  Names& names_;
  FunctionReader& functions_;
  SourceFiles& sources_;
  const UserCode& user_;
  ElfSymbols& symbols_;
};

}  // namespace situ
