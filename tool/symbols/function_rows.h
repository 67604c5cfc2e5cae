// The line rows of one function as its user sees them: rows of inlined library code count as the user line
// that called it. Statements, the end of the prologue and corrected scopes are made from these.
#pragma once

#include <vector>

#include "symbols/elf_image.h"
#include "symbols/function_info.h"
#include "symbols/line_table.h"

namespace situ {

struct FunctionRow {
  FileRange code;
  std::string_view file;   // in the LineTable or the function's scopes
  std::uint32_t line = 0;  // 0: none
  // At the function's own level: where an inlined user function was called.
  std::string_view own_file;
  std::uint32_t own_line = 0;
  bool users = true;       // false: library text that no inlined function accounts for
  bool statement = false;  // is_stmt, and in user code when the function is
  bool prologue_end = false;
  bool follows_gap = false;  // first of its range, or after the end of a sequence
};

// Addresses ascending within each range of the function; its scopes must be complete. One row an address.
std::vector<FunctionRow> rows_of_function(const FunctionInfo& function, const LineTable& lines);

// Index of the row at the end of the prologue (debug-info.md §3.2), rows.size(): none, the entry counts.
std::size_t prologue_end(const FunctionInfo& function, const std::vector<FunctionRow>& rows, bool gcc);

}  // namespace situ
