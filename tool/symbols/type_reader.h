// Type DIEs into the TypeTable. A type that is met is given its id at once and read later from a queue, so
// types that refer to themselves, and long chains of them, need no recursion.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>

#include "symbols/names.h"
#include "symbols/type_table.h"
#include "symbols/units.h"

namespace situ {

class TypeReader {
 public:
  TypeReader(Units& units, Names& names, TypeTable& table) : units_(units), names_(names), table_(table) {}

  // The id of a type and, when this returns, of all it refers to.
  TypeId read(Dwarf_Die die);
  // Bytes; through typedefs, arrays and declarations; empty: incomplete or of unknown length.
  std::optional<std::uint64_t> size(Dwarf_Die die);

 private:
  struct Pending {
    TypeId id;
    Dwarf_Die die;
    std::size_t dimension;  // of an array of several: which of them this type is
  };

  TypeId id_of(Dwarf_Die die);
  std::optional<TypeId> target_of(Dwarf_Die die);
  // The complete type of a declaration's name, if a user unit has one; otherwise the DIE itself.
  Dwarf_Die completed(Dwarf_Die die);
  std::string identity(Dwarf_Die die, int depth);
  std::optional<std::uint64_t> size_at_depth(Dwarf_Die die, int depth);

  void define(const Pending& pending);
  Type base_type(Dwarf_Die die);
  Type pointer(Dwarf_Die die, TypeKind kind);
  Type array(const Pending& pending);
  Type enumeration(Dwarf_Die die);
  Type alias(Dwarf_Die die);
  Type member_pointer(Dwarf_Die die);
  Type record(Dwarf_Die die, TypeKind kind);
  std::optional<Field> field(Dwarf_Die member);
  void set_bits(Dwarf_Die member, Field& field);
  void add_variants(Dwarf_Die part, Type& type);
  bool uninhabited(Dwarf_Die die, int depth);
  void add_template_argument(Dwarf_Die die, Type& type);

  Units& units_;
  Names& names_;
  TypeTable& table_;
  std::unordered_map<const void*, TypeId> ids_;
  std::deque<Pending> pending_;
};

}  // namespace situ
