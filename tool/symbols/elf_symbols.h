// The symbol tables of a file and of its separate debug info, sorted when first asked.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "symbols/elf_image.h"
#include "symbols/symbol_file.h"

namespace situ {

class ElfSymbols {
 public:
  // `debug` may be null.
  ElfSymbols(const ElfImage& image, const ElfImage* debug) : image_(image), debug_(debug) {}

  std::optional<ElfSymbol> covering(FileAddress address);
  // In one pass over the tables, which stay unsorted: few names of large tables are asked for at the start.
  std::vector<std::optional<FileAddress>> addresses_of(std::span<const std::string_view> names) const;
  // False: the linker left this thread-local variable out. True where that cannot be told: no full table.
  bool may_have_thread_local(std::string_view linkage_name);

 private:
  struct Entry {
    FileRange range;
    std::string_view name;  // in the file's string table
    bool function = false, global = false;
  };
  void load();
  void load_from(const ElfImage& image);

  const ElfImage& image_;
  const ElfImage* debug_;
  bool loaded_ = false;
  std::vector<Entry> entries_;      // with a size, by address
  std::vector<FileAddress> reach_;  // the highest end of any entry up to this one
  std::unordered_set<std::string_view> thread_locals_;
  bool full_table_ = false;
};

}  // namespace situ
