#include "symbols/function_rows.h"

#include <algorithm>

#include "symbols/user_code.h"

namespace situ {
namespace {

bool covers(const std::vector<FileRange>& ranges, FileAddress address) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const FileRange& range) { return range.contains(address); });
}

class RowMapper {
 public:
  explicit RowMapper(const FunctionInfo& function) : function_(function) {
    for (std::uint32_t i = 0; i < function.scopes.size(); ++i)
      if (function.scopes[i].inlined) inlined_.push_back(i);
  }

  // Sets file and line from the row's own.
  void map(FunctionRow& row, std::string_view file, std::uint32_t line) const {
    row.file = row.own_file = file;
    row.line = row.own_line = line;
    std::uint32_t scope = innermost(row.code.low);
    bool user_seen = false;
    bool in_library = false;
    for (; scope != 0; scope = function_.scopes[scope].parent) {
      const Scope& inlined = function_.scopes[scope];
      if (!inlined.inlined) continue;
      row.own_file = inlined.call_file;
      row.own_line = inlined.call_line;
      user_seen = user_seen || inlined.inlined_user;
      if (user_seen || !function_.user) continue;
      in_library = true;
      row.file = inlined.call_file;
      row.line = inlined.call_line;
    }
    // Library text outside an inlined function is a header's macro or a damaged table: no user line.
    if (function_.user && !in_library && !user_seen &&
        UserCode::is_library_file(row.file, function_.compilation_directory) &&
        !UserCode::is_library_file(function_.file, function_.compilation_directory))
      row.statement = false;
  }

 private:
  std::uint32_t innermost(FileAddress address) const {
    std::uint32_t found = 0;
    for (const std::uint32_t i : inlined_)
      if (function_.scopes[i].depth >= function_.scopes[found].depth &&
          covers(function_.scopes[i].ranges, address))
        found = i;
    return found;
  }

  const FunctionInfo& function_;
  std::vector<std::uint32_t> inlined_;
};

// Of several rows at one address the last counts, but one where a breakpoint makes sense before one where
// not.
const LineRow& row_that_counts(const std::vector<LineRow>& rows, std::size_t first, std::size_t last) {
  for (std::size_t i = last; i-- > first;)
    if (rows[i].statement && rows[i].line != 0) return rows[i];
  return rows[last - 1];
}

}  // namespace

std::vector<FunctionRow> rows_of_function(const FunctionInfo& function, const LineTable& lines) {
  std::vector<FunctionRow> found;
  const RowMapper mapper(function);
  for (const FileRange& range : function.ranges) {
    bool after_gap = true;
    std::size_t at = lines.row_at(range.low);
    if (at == lines.rows.size()) at = lines.first_row_from(range.low);
    // The first of the rows at this address.
    while (at > 0 && at < lines.rows.size() && lines.rows[at - 1].address == lines.rows[at].address) --at;
    while (at < lines.rows.size() && lines.rows[at].address < range.high) {
      std::size_t next = at;
      bool prologue_end = false;
      while (next < lines.rows.size() && lines.rows[next].address == lines.rows[at].address)
        prologue_end = lines.rows[next++].prologue_end || prologue_end;
      const LineRow& row = row_that_counts(lines.rows, at, next);
      const FileAddress end = next < lines.rows.size() ? lines.rows[next].address : range.high;
      at = next;
      if (row.end_of_sequence) {
        after_gap = true;
        continue;
      }
      FunctionRow mapped;
      mapped.code = {std::max(row.address, range.low), std::min(end, range.high)};
      mapped.statement = row.statement && row.address >= range.low;
      mapped.prologue_end = prologue_end;
      mapped.follows_gap = after_gap;
      mapper.map(mapped, lines.file(row.file), row.line);
      after_gap = false;
      found.push_back(mapped);
    }
  }
  return found;
}

std::size_t prologue_end(const FunctionInfo& function, const std::vector<FunctionRow>& rows, bool gcc) {
  if (function.optimised || rows.empty()) return rows.size();
  const FileRange& first = function.ranges.front();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].prologue_end && first.contains(rows[i].code.low)) return i;
  // gcc marks nothing; without optimisation its second row is the first behind the prologue.
  if (gcc && rows.size() > 1 && rows[0].code.low == function.entry && first.contains(rows[1].code.low))
    return 1;
  return rows.size();
}

}  // namespace situ
