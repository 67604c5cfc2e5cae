#include "symbols/rust_scopes.h"

#include <algorithm>

namespace situ {
namespace {

// Sorted, without overlaps.
std::vector<FileRange> merged(std::vector<FileRange> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<FileRange> result;
  for (const FileRange& range : ranges) {
    if (range.low >= range.high) continue;
    if (!result.empty() && range.low <= result.back().high)
      result.back().high = std::max(result.back().high, range.high);
    else
      result.push_back(range);
  }
  return result;
}

std::vector<FileRange> without(const std::vector<FileRange>& ranges, FileRange taken) {
  std::vector<FileRange> left;
  for (const FileRange& range : ranges) {
    left.push_back({range.low, std::min(range.high, taken.low)});
    left.push_back({std::max(range.low, taken.high), range.high});
  }
  return merged(std::move(left));
}

bool inside_inlined(const FunctionInfo& function, std::uint32_t scope) {
  for (; scope != 0; scope = function.scopes[scope].parent)
    if (function.scopes[scope].inlined) return true;
  return false;
}

}  // namespace

const std::vector<RustToken>& RustScopes::tokens(const std::string& file) {
  auto [found, is_new] = tokens_.try_emplace(file);
  const std::string* text = is_new ? sources_.text(file) : nullptr;
  if (text != nullptr) found->second = rust_tokens(*text);
  return found->second;
}

void RustScopes::correct(FunctionInfo& function, const std::vector<FunctionRow>& rows,
                         const HoistedHead& head) {
  if (function.language != Language::rust || function.optimised || head.first >= rows.size()) return;
  const FileRange taken{rows[head.first].code.low, head.behind};
  std::vector<const VariableInfo*> first_variable(function.scopes.size(), nullptr);
  for (const VariableInfo& variable : function.variables)
    if (first_variable[variable.scope] == nullptr) first_variable[variable.scope] = &variable;

  // Outer scopes come first, so the enclosing one is already right.
  for (std::uint32_t i = 1; i < function.scopes.size(); ++i) {
    Scope& scope = function.scopes[i];
    if (scope.inlined || inside_inlined(function, i)) continue;
    std::vector<FileRange> ranges = without(scope.ranges, taken);
    const VariableInfo* variable = first_variable[i];
    const auto reach = variable == nullptr
                           ? std::nullopt
                           : let_reach(tokens(variable->file), variable->line, variable->name);
    if (reach) {
      const bool one_line = reach->closing == reach->end_of_let;
      for (const FunctionRow& row : rows) {
        const bool behind = row.own_line > reach->end_of_let || (one_line && row.code.low >= head.behind);
        if (behind && row.own_line >= variable->line && row.own_line <= reach->closing &&
            row.own_file == variable->file && !(taken.low <= row.code.low && row.code.low < taken.high))
          ranges.push_back(row.code);
      }
      ranges = merged(std::move(ranges));
    }
    if (ranges.empty()) ranges = function.scopes[scope.parent].ranges;
    scope.ranges = std::move(ranges);
  }
}

}  // namespace situ
