// Where to stop in a function: its body and the statements.
#pragma once

#include <vector>

#include "symbols/function_rows.h"
#include "symbols/hoisted.h"

namespace situ {

// Fills body and statements. The body begins behind the head's rows that are out of order; these, and rows of
// the prologue, are no statements.
void find_statements(FunctionInfo& function, const std::vector<FunctionRow>& rows, const HoistedHead& head,
                     const ElfImage& image);

}  // namespace situ
