// The rows of one compilation unit's line table (DWARF 5 §6.2), by address, with normalised file names.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "symbols/die.h"

namespace situ {

struct LineRow {
  FileAddress address;
  std::uint32_t file = 0;  // index into LineTable::files
  std::uint32_t line = 0;  // 0: no line
  bool statement = false;
  bool prologue_end = false;
  bool end_of_sequence = false;
};

struct LineTable {
  std::vector<std::string> files;
  std::vector<LineRow> rows;

  // Index of the row that covers `address`: the last one at or below it; rows.size(): none.
  std::size_t row_at(FileAddress address) const;
  // Index of the first row at or above `address`.
  std::size_t first_row_from(FileAddress address) const;
  std::string_view file(std::size_t index) const {
    return index < files.size() ? std::string_view(files[index]) : std::string_view{};
  }
};

LineTable read_line_table(Dwarf_Die unit);

// Lexically normalised, made absolute with `directory` where it is relative.
std::string normal_path(std::string_view path, std::string_view directory);

}  // namespace situ
