// The compilation units of one file: which addresses each covers, and, once asked for, where its functions
// and named types stand. DWARF has no parent links, so one walk over a unit notes them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "symbols/die.h"
#include "symbols/line_table.h"

namespace situ {

struct ConcreteFunction {
  Dwarf_Die die;
  std::vector<FileRange> ranges;
};

// Found by one walk over a unit's DIEs.
struct UnitContents {
  // Namespaces, named types and subprograms, each with the one that holds it (or -1).
  struct Container {
    Dwarf_Die die;
    std::int32_t parent = -1;
  };
  std::vector<Container> containers;
  std::unordered_map<const void*, std::int32_t> container_by_die;
  std::vector<ConcreteFunction> functions;
  std::vector<FileRange> function_ranges;  // sorted by low, with the function's index beside it
  std::vector<std::uint32_t> function_of_range;
  std::unordered_multimap<std::string_view, Dwarf_Die> complete_types;  // by last name component
  std::vector<Dwarf_Die> vtables;                                       // Rust's "<T as Trait>::{vtable}"
  // Definitions outside functions, and variables of functions that have an address for the whole run.
  std::vector<Container> statics;
  std::unordered_map<const void*, std::int32_t> holder_of_variable;  // declarations of statics
  std::uint32_t variables = 0, variables_in_one_slot = 0;  // locals; those with one frame slot throughout
  std::uint32_t parameters = 0, parameters_in_one_slot = 0;
};

struct Unit {
  Dwarf_Die die{};      // of the file itself: ranges, line table
  Dwarf_Die content{};  // with the split unit's DIEs where there is one
  std::string_view name, directory, producer;
  Language language = Language::unknown;
  std::vector<FileRange> ranges;
  bool library = false;  // cannot hold user code; set by who knows the user's code

  const UnitContents& contents();
  const LineTable& lines();
  // Locals move between places: by the producer's flags, or by what most locals look like.
  bool optimised();
  // DW_AT_decl_file, DW_AT_call_file: by index, because libdw takes clang's file 0 for none.
  std::string_view file(const Dwarf_Attribute& attribute);

 private:
  std::unique_ptr<UnitContents> contents_;
  std::unique_ptr<LineTable> lines_;
  std::optional<bool> optimised_;
};

class Units {
 public:
  explicit Units(Dwarf* dwarf);

  std::vector<std::unique_ptr<Unit>>& all() { return units_; }
  Unit* covering(FileAddress address);
  // The unit a DIE belongs to; null: a type unit.
  Unit* holding(Dwarf_Die die);
  // Also for type units.
  const UnitContents& contents_of(Dwarf_Die die);
  // The file an attribute of any DIE names; empty: none.
  std::string_view file(const std::optional<Dwarf_Attribute>& attribute);

 private:
  struct Cover {
    FileRange range;
    Unit* unit;
  };
  std::vector<std::unique_ptr<Unit>> units_;
  std::vector<Cover> covers_;
  std::unordered_map<const void*, Unit*> by_die_;  // by the address of the unit's DIE
  std::unordered_map<const void*, UnitContents> type_units_;
};

UnitContents walk_unit(Dwarf_Die unit);

}  // namespace situ
