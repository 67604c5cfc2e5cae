// One ELF file as mapped bytes: program headers, build id, the debug link, code bytes by address. Used by
// SymbolFile for the file itself and for its separate debug info.
#pragma once

#include <libelf.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/unique_fd.h"

namespace situ {

class ElfImage {
 public:
  // Throws Error{file} when the file cannot be read or is not a 64-bit x86-64 ELF file.
  static std::unique_ptr<ElfImage> open(const std::string& path);
  static std::unique_ptr<ElfImage> from_memory(std::vector<std::byte> image);
  ~ElfImage();
  ElfImage(const ElfImage&) = delete;

  const std::string& path() const { return path_; }
  Elf* elf() const { return elf_; }
  std::string build_id() const;  // hex, empty: none
  FileAddress lowest_address() const { return lowest_; }
  bool has_section(const char* name) const;

  struct DebugLink {
    std::string file;
    std::uint32_t crc = 0;
  };
  std::optional<DebugLink> debug_link() const;
  std::span<const std::byte> whole_file() const { return file_; }
  // The bytes at [from, from + size) as the file has them, as far as one segment holds them.
  std::span<const std::byte> bytes(FileAddress from, std::uint64_t size) const;

 private:
  struct Segment {
    FileRange range;  // of the bytes the file holds
    std::uint64_t offset = 0;
  };

  ElfImage() = default;
  void read_headers();
  Elf_Data* section(const char* name) const;

  std::string path_;
  UniqueFd fd_;
  std::vector<std::byte> memory_;
  Elf* elf_ = nullptr;
  std::span<const std::byte> file_;
  std::vector<Segment> segments_;
  FileAddress lowest_;
};

}  // namespace situ
