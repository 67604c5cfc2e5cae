#include "symbols/elf_symbols.h"

#include <gelf.h>

#include <algorithm>
#include <tuple>

#include "symbols/demangle.h"

namespace situ {
namespace {

bool is_named_thing(unsigned type) {
  return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_OBJECT || type == STT_NOTYPE;
}

// Calls visit(symbol, name, whether it is of .symtab) for each symbol that is defined in the file and names
// code, data or a thread-local variable.
template <class Visit>
void for_each_symbol(const ElfImage& image, const Visit& visit) {
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(image.elf(), section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_entsize == 0) continue;
    if (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) continue;
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) break;
      const unsigned type = GELF_ST_TYPE(symbol.st_info);
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS) continue;
      if (type != STT_TLS && !is_named_thing(type)) continue;
      const char* name = elf_strptr(image.elf(), header.sh_link, symbol.st_name);
      if (name == nullptr || *name == '\0') continue;
      visit(symbol, name, header.sh_type == SHT_SYMTAB);
    }
  }
}

std::size_t underscores(std::string_view name) {
  return std::min(name.find_first_not_of('_'), name.size());
}

}  // namespace

void ElfSymbols::load() {
  if (loaded_) return;
  loaded_ = true;
  load_from(image_);
  if (debug_ != nullptr) load_from(*debug_);
  // Of several names for one thing the plainest comes first: a function's, a global one, with the fewest
  // underscores before it.
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tuple(a.range.low, b.range.high, !a.function, !a.global, underscores(a.name), a.name) <
           std::tuple(b.range.low, a.range.high, !b.function, !b.global, underscores(b.name), b.name);
  });
  FileAddress reach;
  for (const Entry& entry : entries_) reach_.push_back(reach = std::max(reach, entry.range.high));
}

void ElfSymbols::load_from(const ElfImage& image) {
  for_each_symbol(image, [this](const GElf_Sym& symbol, const char* name, bool full_table) {
    full_table_ = full_table_ || full_table;
    const unsigned type = GELF_ST_TYPE(symbol.st_info);
    if (type == STT_TLS) {
      thread_locals_.insert(name);
      return;
    }
    if (symbol.st_size == 0 || symbol.st_value + symbol.st_size < symbol.st_value) return;
    Entry entry{{{symbol.st_value}, {symbol.st_value + symbol.st_size}}, name};
    entry.function = type == STT_FUNC || type == STT_GNU_IFUNC;
    entry.global = GELF_ST_BIND(symbol.st_info) == STB_GLOBAL;
    entries_.push_back(entry);
  });
}

std::optional<ElfSymbol> ElfSymbols::covering(FileAddress address) {
  load();
  const auto above = std::upper_bound(entries_.begin(), entries_.end(), address,
                                      [](FileAddress a, const Entry& entry) { return a < entry.range.low; });
  // The nearest start wins; of one start, the first entry that reaches far enough.
  const Entry* best = nullptr;
  for (auto i = static_cast<std::size_t>(above - entries_.begin()); i > 0 && address < reach_[i - 1]; --i) {
    const Entry& entry = entries_[i - 1];
    if (best != nullptr && entry.range.low != best->range.low) break;
    if (entry.range.contains(address)) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return ElfSymbol{std::string(best->name), demangle(best->name), best->range, best->function};
}

bool ElfSymbols::may_have_thread_local(std::string_view linkage_name) {
  load();
  return !full_table_ || thread_locals_.contains(linkage_name);
}

std::vector<std::optional<FileAddress>> ElfSymbols::addresses_of(
    std::span<const std::string_view> names) const {
  std::vector<std::optional<FileAddress>> found(names.size());
  const auto look = [&](const GElf_Sym& symbol, const char* name, bool) {
    if (GELF_ST_TYPE(symbol.st_info) == STT_TLS) return;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (!found[i] && names[i] == name) found[i] = FileAddress{symbol.st_value};
  };
  for_each_symbol(image_, look);
  if (debug_ != nullptr) for_each_symbol(*debug_, look);
  return found;
}

}  // namespace situ
