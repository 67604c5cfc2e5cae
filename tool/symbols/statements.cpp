// Where to stop in a function. A run of rows of one line needs one stop, at its first address, unless a jump
// from another line leads into its middle.
#include "symbols/statements.h"

#include <algorithm>
#include <cstring>

namespace situ {
namespace {

struct Jump {
  FileAddress target, source;
};

// Every byte is taken for the start of a direct jump: that finds all real ones, and some that are none, which
// costs a stop too many and never one too few.
std::vector<Jump> possible_jumps(const FunctionInfo& function, const ElfImage& image) {
  std::vector<Jump> jumps;
  for (const FileRange& range : function.ranges) {
    const auto code = image.bytes(range.low, range.size());
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(code[i]); };
    for (std::size_t i = 0; i + 2 <= code.size(); ++i) {
      std::int64_t distance = 0;
      std::size_t length = 0;
      if (at(i) == 0xeb || (at(i) & 0xf0) == 0x70) {
        distance = static_cast<std::int8_t>(at(i + 1));
        length = 2;
      } else {
        const std::size_t opcode = at(i) == 0xe9 ? 1 : at(i) == 0x0f && (at(i + 1) & 0xf0) == 0x80 ? 2 : 0;
        if (opcode == 0 || i + opcode + 4 > code.size()) continue;
        std::int32_t word = 0;
        std::memcpy(&word, code.data() + i + opcode, sizeof word);
        distance = word;
        length = opcode + 4;
      }
      const FileAddress source = range.low + i;
      jumps.push_back({source + length + static_cast<std::uint64_t>(distance), source});
    }
  }
  std::sort(jumps.begin(), jumps.end(), [](const Jump& a, const Jump& b) { return a.target < b.target; });
  return jumps;
}

const FunctionRow* row_at(const std::vector<FunctionRow>& rows, FileAddress address) {
  for (const FunctionRow& row : rows)
    if (row.code.contains(address)) return &row;
  return nullptr;
}

bool same_line(const FunctionRow& a, const FunctionRow& b) {
  return a.line == b.line && a.file == b.file;
}

bool reached_from_another_line(const std::vector<Jump>& jumps, const std::vector<FunctionRow>& rows,
                               const FunctionRow& row) {
  auto jump = std::lower_bound(jumps.begin(), jumps.end(), row.code.low,
                               [](const Jump& a, FileAddress target) { return a.target < target; });
  for (; jump != jumps.end() && jump->target == row.code.low; ++jump) {
    const FunctionRow* from = row_at(rows, jump->source);
    if (from == nullptr || !same_line(*from, row)) return true;
  }
  return false;
}

}  // namespace

void find_statements(FunctionInfo& function, const std::vector<FunctionRow>& rows, const HoistedHead& head,
                     const ElfImage& image) {
  const auto hoisted = [&](std::size_t i) {
    return i >= head.first && i < head.end && head.out_of_order[i - head.first];
  };
  std::size_t first = head.first;
  while (first < rows.size() && hoisted(first)) ++first;
  function.body = first < rows.size() ? rows[first].code.low : function.entry;

  const std::vector<Jump> jumps = function.user ? possible_jumps(function, image) : std::vector<Jump>{};
  const FunctionRow* previous = nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const FunctionRow& row = rows[i];
    const bool in_prologue = row.code.low < function.body && function.ranges.front().contains(row.code.low);
    // Code of the prologue or the head goes before: it begins no run.
    if (in_prologue || hoisted(i)) {
      previous = nullptr;
      continue;
    }
    const bool begins_run = previous == nullptr || row.follows_gap || !same_line(*previous, row);
    previous = &row;
    if (!row.statement || row.line == 0) continue;
    if (begins_run || reached_from_another_line(jumps, rows, row))
      function.statements.push_back({row.code.low, std::string(row.file), row.line});
  }
  const auto by_address = [](const Statement& a, const Statement& b) { return a.address < b.address; };
  std::sort(function.statements.begin(), function.statements.end(), by_address);
}

}  // namespace situ
