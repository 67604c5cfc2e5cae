// Finds a section of an ELF file by name. Only for unwind information that is not reachable through the
// program headers; everything else of ELF and DWARF is symbols' business.
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace situ {

struct ElfSection {
  std::uint64_t address = 0;  // as the file states it
  std::vector<std::byte> bytes;
};

// Empty where the file cannot be read, is not the one whose header is `expected` (it was replaced since it
// was mapped), or has no such uncompressed section with contents of at most 256 MiB.
std::optional<ElfSection> read_section(const std::string& path, const Elf64_Ehdr& expected,
                                       std::string_view name);

}  // namespace situ
