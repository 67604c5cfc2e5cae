#include "symbols/line_table.h"

#include <algorithm>
#include <filesystem>

namespace situ {

std::string normal_path(std::string_view path, std::string_view directory) {
  if (path.empty() || path.front() == '<') return std::string(path);
  std::filesystem::path full(path);
  if (full.is_relative() && !directory.empty()) full = std::filesystem::path(directory) / full;
  return full.lexically_normal().string();
}

LineTable read_line_table(Dwarf_Die unit) {
  LineTable table;
  const std::string directory(string_of(own_attribute(unit, DW_AT_comp_dir)));
  Dwarf_Files* files = nullptr;
  std::size_t file_count = 0;
  if (dwarf_getsrcfiles(&unit, &files, &file_count) == 0)
    for (std::size_t i = 0; i < file_count; ++i) {
      const char* name = dwarf_filesrc(files, i, nullptr, nullptr);
      table.files.push_back(name == nullptr ? std::string() : normal_path(name, directory));
    }
  Dwarf_Lines* lines = nullptr;
  std::size_t count = 0;
  if (dwarf_getsrclines(&unit, &lines, &count) != 0) return table;
  table.rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Dwarf_Line* line = dwarf_onesrcline(lines, i);
    Dwarf_Addr address = 0;
    int number = 0;
    LineRow row;
    if (line == nullptr || dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0) continue;
    Dwarf_Files* in = nullptr;
    std::size_t index = 0;
    if (dwarf_line_file(line, &in, &index) == 0) row.file = static_cast<std::uint32_t>(index);
    dwarf_linebeginstatement(line, &row.statement);
    dwarf_lineprologueend(line, &row.prologue_end);
    dwarf_lineendsequence(line, &row.end_of_sequence);
    row.address = {address};
    row.line = number > 0 ? static_cast<std::uint32_t>(number) : 0;
    table.rows.push_back(row);
  }
  const auto before = [](const LineRow& a, const LineRow& b) { return a.address < b.address; };
  if (!std::is_sorted(table.rows.begin(), table.rows.end(), before))
    std::stable_sort(table.rows.begin(), table.rows.end(), before);
  return table;
}

std::size_t LineTable::first_row_from(FileAddress address) const {
  const auto found = std::lower_bound(rows.begin(), rows.end(), address,
                                      [](const LineRow& row, FileAddress a) { return row.address < a; });
  return static_cast<std::size_t>(found - rows.begin());
}

std::size_t LineTable::row_at(FileAddress address) const {
  const auto above = std::upper_bound(rows.begin(), rows.end(), address,
                                      [](FileAddress a, const LineRow& row) { return a < row.address; });
  if (above == rows.begin()) return rows.size();
  const auto index = static_cast<std::size_t>(above - rows.begin()) - 1;
  return rows[index].end_of_sequence ? rows.size() : index;
}

}  // namespace situ
