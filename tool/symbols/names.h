// Names as people write them, from where a DIE stands: "Shape::area", "alloc::vec::Vec<i32, ...>", "int*".
#pragma once

#include <string>
#include <unordered_map>

#include "symbols/units.h"

namespace situ {

class Names {
 public:
  explicit Names(Units& units) : units_(units) {}

  // Of a namespace, type or subprogram: with all that hold it.
  std::string qualified(Dwarf_Die die);
  // Of a concrete or inlined function: by its linkage name where the DIE's own path has parts that no one
  // writes ("{impl#0}", a class without a name).
  std::string function(Dwarf_Die die);
  // Of any type, spelled where DWARF gives none: "const char*", "int[3]", "int (char)".
  std::string type(Dwarf_Die die);

 private:
  std::string type_at_depth(Dwarf_Die die, int depth);
  std::string signature(Dwarf_Die die, std::string_view declarator, int depth);
  std::string pointer_to(Dwarf_Die die, std::string_view sign, int depth);
  std::string array_of(Dwarf_Die die, int depth);

  Units& units_;
  std::unordered_map<const void*, std::string> qualified_;
};

std::string linkage_name(Dwarf_Die die);  // empty: none

// The counts of an array's dimensions, outermost first; empty: not a constant.
std::vector<std::optional<std::uint64_t>> array_counts(Dwarf_Die array);

}  // namespace situ
