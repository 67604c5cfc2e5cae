// From DWARF's location attributes to LocationExpressions that need no file any more: indexed addresses,
// nested expressions and base types are resolved.
#pragma once

#include "symbols/die.h"
#include "symbols/function_info.h"
#include "symbols/location.h"

namespace situ {

// DW_AT_location (or frame_base) of one expression or of a list; empty: none.
std::vector<LocationEntry> read_locations(Dwarf_Attribute attribute);
// The first expression.
LocationExpression read_expression(Dwarf_Attribute attribute);
// DW_AT_const_value as a DW_OP_implicit_value.
LocationExpression expression_of_constant(Dwarf_Attribute attribute);

}  // namespace situ
