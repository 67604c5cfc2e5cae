// Short words over libdw's DIE interface, for the readers of this room: absence is std::optional.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "model/type.h"

namespace situ {

// The attribute of the DIE itself.
std::optional<Dwarf_Attribute> own_attribute(Dwarf_Die die, unsigned name);
// The attribute of the DIE or of those its abstract_origin and specification lead to (bounded).
std::optional<Dwarf_Attribute> attribute(Dwarf_Die die, unsigned name);

std::string_view string_of(const std::optional<Dwarf_Attribute>& attribute);  // empty: none
std::optional<std::uint64_t> unsigned_of(const std::optional<Dwarf_Attribute>& attribute);
bool flag(Dwarf_Die die, unsigned name);  // with abstract_origin and specification
std::optional<Dwarf_Die> die_of(const std::optional<Dwarf_Attribute>& attribute);

std::string_view own_name(Dwarf_Die die);
std::optional<Dwarf_Die> type_of(Dwarf_Die die);  // DW_AT_type, with abstract_origin and specification
// The last DIE that abstract_origin and specification lead to: the declaration in its namespace or class.
Dwarf_Die declaration_of(Dwarf_Die die);
std::vector<Dwarf_Die> children(Dwarf_Die die);

// Code ranges; empty ones and those of removed code (at address 0) are left out.
std::vector<FileRange> code_ranges(Dwarf_Die die);

// A constant of any form, at most 128 bits. dataN forms do not say their sign.
struct Constant {
  UInt128 bits = 0;   // zero-extended; sdata: sign-extended
  unsigned size = 0;  // bytes the form holds
  bool is_signed = false;
};
std::optional<Constant> constant_of(const std::optional<Dwarf_Attribute>& attribute);
UInt128 sign_extend(UInt128 value, unsigned from_bytes);

Dwarf_Die unit_of(Dwarf_Die die);  // the compilation (or type) unit's DIE
Language language_of(Dwarf_Die unit);

}  // namespace situ
