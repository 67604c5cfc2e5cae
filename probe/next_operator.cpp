// Why not dlsym(RTLD_NEXT): in a C program that opens a C++ library for itself alone, libstdc++ is in no
// scope the probe is in. dlsym would fail, and a failing dlsym allocates its message from the program's heap.
// So the loaded objects are walked in the loader's order, the global ones first, and their GNU hash tables
// (DT_GNU_HASH, as glibc's elf/dl-lookup.c reads it) are asked.
#include <link.h>

#include "next.h"

namespace situ::probe {
namespace {

struct Search {
  const char* symbol;
  std::uint32_t hash;
  bool behind_probe;
  void* found;
};

std::uint32_t gnu_hash(const char* name) {
  std::uint32_t hash = 5381;
  for (; *name != '\0'; ++name) hash = hash * 33 + static_cast<unsigned char>(*name);
  return hash;
}

bool same(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

// The tables of one loaded object that a lookup needs.
struct Tables {
  const std::uint32_t* hash = nullptr;
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
};

Tables tables_of(const dl_phdr_info& object) {
  Tables tables;
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    if (object.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + object.dlpi_phdr[i].p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      // The loader has relocated these in place, but not in objects it may not write to (the vdso).
      const ElfW(Addr) value = entry->d_un.d_ptr;
      const ElfW(Addr) address = value < object.dlpi_addr ? value + object.dlpi_addr : value;
      if (entry->d_tag == DT_GNU_HASH) tables.hash = reinterpret_cast<const std::uint32_t*>(address);
      if (entry->d_tag == DT_SYMTAB) tables.symbols = reinterpret_cast<const ElfW(Sym)*>(address);
      if (entry->d_tag == DT_STRTAB) tables.names = reinterpret_cast<const char*>(address);
    }
  }
  return tables;
}

void* find_in(const dl_phdr_info& object, const Search& search) {
  const Tables tables = tables_of(object);
  if (tables.hash == nullptr || tables.symbols == nullptr || tables.names == nullptr) return nullptr;
  const std::uint32_t bucket_count = tables.hash[0], first = tables.hash[1], filter_words = tables.hash[2];
  if (bucket_count == 0) return nullptr;
  const std::uint32_t* buckets =
      tables.hash + 4 + filter_words * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
  const std::uint32_t* chain = buckets + bucket_count;
  std::uint32_t index = buckets[search.hash % bucket_count];
  if (index < first) return nullptr;
  for (;; ++index) {
    const std::uint32_t entry = chain[index - first];
    const ElfW(Sym)& symbol = tables.symbols[index];
    if ((entry | 1) == (search.hash | 1) && symbol.st_shndx != SHN_UNDEF &&
        same(tables.names + symbol.st_name, search.symbol))
      return reinterpret_cast<void*>(object.dlpi_addr + symbol.st_value);
    if ((entry & 1) != 0) return nullptr;  // the chain's end
  }
}

bool contains(const dl_phdr_info& object, std::uintptr_t address) {
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    const auto& segment = object.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && address - (object.dlpi_addr + segment.p_vaddr) < segment.p_memsz)
      return true;
  }
  return false;
}

int visit(dl_phdr_info* object, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  if (!search.behind_probe) {
    search.behind_probe = contains(*object, reinterpret_cast<std::uintptr_t>(&find_next_operator));
    return 0;
  }
  search.found = find_in(*object, search);
  return search.found != nullptr;
}

}  // namespace

void* find_next_operator(const char* symbol) {
  Search search{symbol, gnu_hash(symbol), false, nullptr};
  dl_iterate_phdr(visit, &search);
  return search.found;
}

}  // namespace situ::probe
