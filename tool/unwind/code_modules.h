// Where code is mapped and where its unwind tables stand: from the maps and the program headers as they are
// in memory (the vdso has no file; an LLD-linked file's offsets mislead).
#pragma once

#include <elf.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "process/maps.h"

namespace situ {

// A sorted table of (start, FDE) offsets from `segment_base`, eight bytes an entry, as .eh_frame_hdr has it.
struct UnwindTable {
  Address segment_base;
  Address entries;
  std::uint64_t count = 0;
};

// Bytes that stand in no process, at addresses no mapping has: tables and call frame information made here.
struct MadeBytes {
  Address at;
  std::vector<std::byte> bytes;
};

// A file with code, or the vdso.
struct CodeFile {
  std::string path;    // as the maps name it
  AddressRange range;  // of its segments, whole pages
  std::uint64_t bias = 0;
  std::vector<Elf64_Phdr> program_headers;
};

class CodeModules {
 public:
  // Returns whether anything changed since the last call.
  bool update(const std::vector<Mapping>& maps, const MemoryReader& memory);

  bool is_code(Address a) const;
  // The code mapping's range and the tables that may describe it; the file's sections are consulted once,
  // when `wanted` says the tables known so far had nothing for an address.
  enum class Wanted { program_headers, sections };
  struct Found {
    AddressRange code;
    std::span<const UnwindTable> tables;
  };
  std::optional<Found> find(Address pc, Wanted wanted = Wanted::program_headers);

  std::vector<CodeFile> files() const;  // by address

  // Read-only mappings of files and of the vdso: their bytes do not change.
  std::vector<AddressRange> constant_ranges() const;
  // Fills `into` from made bytes; false: `from` is not there.
  bool read_made(Address from, std::span<std::byte> into) const;

 private:
  struct Module {
    Address base;
    AddressRange extent;  // what its segments span
    std::uint64_t inode = 0;
    std::string path;
    Elf64_Ehdr header{};
    std::uint64_t bias = 0;
    std::vector<Elf64_Phdr> program_headers;
    std::vector<UnwindTable> tables;
    bool has_search_table = false;
    bool sections_read = false;
  };
  struct Code {
    AddressRange range;
    std::optional<std::size_t> module;
  };
  std::optional<Module> read_module(const Mapping& first, const MemoryReader& memory) const;
  std::optional<std::size_t> module_holding(const Mapping& mapping) const;
  void read_sections(Module& module);
  void add_made(Module& module, Address at, std::vector<std::byte> bytes, std::uint64_t table_offset);
  std::optional<Address> free_range_near(Address base, std::uint64_t size) const;
  const Code* code_at(Address a) const;

  std::vector<Mapping> maps_;
  std::vector<Code> code_;  // by address
  std::vector<Module> modules_;
  std::vector<MadeBytes> made_;
};

}  // namespace situ
