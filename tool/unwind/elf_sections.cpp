#include "unwind/elf_sections.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "base/error.h"
#include "base/unique_fd.h"

namespace situ {
namespace {

constexpr std::uint64_t largest_section = std::uint64_t{256} << 20;

bool read_at(const UniqueFd& file, std::uint64_t offset, void* into, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = retry_eintr([&] {
      return ::pread(file.get(), static_cast<char*>(into) + done, size - done,
                     static_cast<off_t>(offset + done));
    });
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

// Whether a section of that place and size can be in the file at all.
bool plausible(const UniqueFd& file, std::uint64_t offset, std::uint64_t size) {
  const off_t end = ::lseek(file.get(), 0, SEEK_END);
  if (end < 0 || size > largest_section) return false;
  const auto length = static_cast<std::uint64_t>(end);
  return offset <= length && size <= length - offset;
}

}  // namespace

std::optional<ElfSection> read_section(const std::string& path, const Elf64_Ehdr& expected,
                                       std::string_view name) {
  const UniqueFd file(retry_eintr([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  Elf64_Ehdr header{};
  if (!file || !read_at(file, 0, &header, sizeof header)) return std::nullopt;
  if (std::memcmp(&header, &expected, sizeof header) != 0) return std::nullopt;
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum) return std::nullopt;

  std::vector<Elf64_Shdr> sections(header.e_shnum);
  if (!read_at(file, header.e_shoff, sections.data(), sections.size() * sizeof(Elf64_Shdr))) {
    return std::nullopt;
  }
  const Elf64_Shdr& names_section = sections[header.e_shstrndx];
  if (!plausible(file, names_section.sh_offset, names_section.sh_size)) return std::nullopt;
  std::string names(names_section.sh_size, '\0');
  if (!read_at(file, names_section.sh_offset, names.data(), names.size())) return std::nullopt;

  for (const Elf64_Shdr& section : sections) {
    if (section.sh_name >= names.size() || names.c_str() + section.sh_name != name) continue;
    if (section.sh_type == SHT_NOBITS || (section.sh_flags & SHF_COMPRESSED) != 0) return std::nullopt;
    if (section.sh_size == 0 || !plausible(file, section.sh_offset, section.sh_size)) return std::nullopt;
    ElfSection found{section.sh_addr, std::vector<std::byte>(section.sh_size)};
    if (!read_at(file, section.sh_offset, found.bytes.data(), found.bytes.size())) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

}  // namespace situ
