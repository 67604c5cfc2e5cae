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
    row.users = !function_.user || in_library || user_seen || !is_foreign(row.file);
    if (!row.users) row.statement = false;
  }

  bool is_user_line(const LineRow& row, std::string_view file) const {
    FunctionRow mapped;
    mapped.code.low = row.address;
    map(mapped, file, row.line);
    return mapped.users;
  }

 private:
  // Library text in a function of the user's.
  bool is_foreign(std::string_view file) const {
    return UserCode::is_library_file(file, function_.compilation_directory) &&
           !UserCode::is_library_file(function_.file, function_.compilation_directory);
  }

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
// not, and before both one that is the user's: g++'s last row may be that of a library function inlined there
// whose code begins later.
const LineRow& row_that_counts(const RowMapper& mapper, const LineTable& lines, std::size_t first,
                               std::size_t last) {
  if (last - first == 1) return lines.rows[first];
  const LineRow* best = nullptr;
  for (std::size_t i = last; i-- > first;) {
    const LineRow& row = lines.rows[i];
    if (!row.statement || row.line == 0) continue;
    if (best == nullptr) best = &row;
    if (mapper.is_user_line(row, lines.file(row.file))) return row;
  }
  return best != nullptr ? *best : lines.rows[last - 1];
}

// A row of nobody's line goes on with what the user's code was at.
void take_line_before(const FunctionInfo& function, const std::vector<FunctionRow>& before,
                      FunctionRow& row) {
  const bool first = row.follows_gap || before.empty() || before.back().line == 0;
  row.file = first ? std::string_view(function.file) : before.back().file;
  row.line = first ? function.line : before.back().line;
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
      const LineRow& row = row_that_counts(mapper, lines, at, next);
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
      if (!mapped.users && mapped.line != 0) take_line_before(function, found, mapped);
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
