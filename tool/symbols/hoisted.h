// rustc stores the constants of single-use `let`s at the function's head, before the first statement
// (debug-info.md §4.3). This tells that head from code that stands where the source has it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "symbols/function_rows.h"

namespace situ {

// Whether the code only puts constants into registers and into stack slots.
bool only_stores_constants(std::span<const std::byte> code);

struct HoistedHead {
  // Rows [first, end) at the end of the prologue only store constants.
  std::size_t first = 0, end = 0;
  // The address behind them.
  FileAddress behind;
  // By row index - first: the row's line comes after that of the first real row, so the source has it later.
  std::vector<bool> out_of_order;
};

// `body`: the index of the row at the prologue's end.
HoistedHead find_hoisted_head(const FunctionInfo& function, const std::vector<FunctionRow>& rows,
                              std::size_t body, const ElfImage& image);

}  // namespace situ
