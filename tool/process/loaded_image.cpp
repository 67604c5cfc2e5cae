#include "process/loaded_image.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <vector>

namespace situ {
namespace {

constexpr std::size_t most_segments = 256, most_dynamic_entries = 512, most_symbols = 200'000;

std::vector<Elf64_Phdr> read_segments(const MemoryReader& memory, Address base) {
  const auto header = memory.read_value<Elf64_Ehdr>(base);
  if (!header || header->e_ident[EI_MAG0] != ELFMAG0 || header->e_phnum > most_segments ||
      header->e_phentsize != sizeof(Elf64_Phdr))
    return {};
  std::vector<Elf64_Phdr> segments(header->e_phnum);
  if (!memory.read_all(base + header->e_phoff, std::as_writable_bytes(std::span(segments)))) return {};
  return segments;
}

struct DynamicSection {
  std::uint64_t symbols = 0, strings = 0, strings_size = 0, gnu_hash = 0, hash = 0;
};

DynamicSection read_dynamic(const MemoryReader& memory, Address base) {
  DynamicSection out;
  for (const Elf64_Phdr& segment : read_segments(memory, base)) {
    if (segment.p_type != PT_DYNAMIC) continue;
    const std::size_t count =
        std::min<std::size_t>(segment.p_filesz / sizeof(Elf64_Dyn), most_dynamic_entries);
    std::vector<Elf64_Dyn> entries(count);
    if (!memory.read_all(base + segment.p_vaddr, std::as_writable_bytes(std::span(entries)))) continue;
    for (const Elf64_Dyn& entry : entries) {
      if (entry.d_tag == DT_NULL) break;
      // ld.so relocates its own dynamic section in place, except where it is read-only.
      const std::uint64_t address =
          entry.d_un.d_ptr < base.value ? base.value + entry.d_un.d_ptr : entry.d_un.d_ptr;
      if (entry.d_tag == DT_SYMTAB) out.symbols = address;
      if (entry.d_tag == DT_STRTAB) out.strings = address;
      if (entry.d_tag == DT_GNU_HASH) out.gnu_hash = address;
      if (entry.d_tag == DT_HASH) out.hash = address;
      if (entry.d_tag == DT_STRSZ) out.strings_size = entry.d_un.d_val;
    }
  }
  return out;
}

// The number of symbols: DT_HASH says it; DT_GNU_HASH's chains end at the last one.
std::size_t count_symbols(const MemoryReader& memory, const DynamicSection& dynamic) {
  if (dynamic.hash) {
    const auto counts = memory.read_value<std::array<std::uint32_t, 2>>({dynamic.hash});
    return counts ? std::min<std::size_t>((*counts)[1], most_symbols) : 0;
  }
  const auto header = memory.read_value<std::array<std::uint32_t, 4>>({dynamic.gnu_hash});
  if (!dynamic.gnu_hash || !header || (*header)[0] > most_symbols || (*header)[2] > most_symbols) return 0;
  const std::uint64_t buckets_at = dynamic.gnu_hash + 16 + 8 * std::uint64_t{(*header)[2]};
  std::vector<std::uint32_t> buckets((*header)[0]);
  if (!memory.read_all({buckets_at}, std::as_writable_bytes(std::span(buckets)))) return 0;
  std::uint64_t last = 0;
  for (std::uint32_t bucket : buckets) last = std::max<std::uint64_t>(last, bucket);
  if (last < (*header)[1]) return 0;
  for (; last < most_symbols; ++last) {
    const auto chain = memory.read_value<std::uint32_t>(
        {buckets_at + 4 * std::uint64_t{(*header)[0]} + 4 * (last - (*header)[1])});
    if (!chain || (*chain & 1) != 0) break;
  }
  return std::min<std::size_t>(last + 1, most_symbols);
}

}  // namespace

std::optional<Address> find_dynamic_symbol(const MemoryReader& memory, Address base, std::string_view name) {
  const DynamicSection dynamic = read_dynamic(memory, base);
  if (!dynamic.symbols || !dynamic.strings || dynamic.strings_size > (1u << 26)) return std::nullopt;
  std::vector<Elf64_Sym> symbols(count_symbols(memory, dynamic));
  std::vector<char> strings(dynamic.strings_size);
  if (!memory.read_all({dynamic.symbols}, std::as_writable_bytes(std::span(symbols))) ||
      !memory.read_all({dynamic.strings}, std::as_writable_bytes(std::span(strings))))
    return std::nullopt;
  for (const Elf64_Sym& symbol : symbols) {
    if (symbol.st_value == 0 || symbol.st_name >= strings.size()) continue;
    const std::string_view rest(strings.data() + symbol.st_name, strings.size() - symbol.st_name);
    if (rest.substr(0, rest.find('\0')) == name) return base + symbol.st_value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> preferred_base(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header;
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header) || header.e_ident[EI_MAG0] != ELFMAG0)
    return std::nullopt;
  std::optional<std::uint64_t> lowest;
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (std::size_t i = 0; i < std::min<std::size_t>(header.e_phnum, most_segments); ++i) {
    Elf64_Phdr segment;
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) return std::nullopt;
    if (segment.p_type == PT_LOAD) lowest = std::min(lowest.value_or(segment.p_vaddr), segment.p_vaddr);
  }
  return lowest ? std::optional(*lowest & ~std::uint64_t{4095}) : std::nullopt;
}

}  // namespace situ
