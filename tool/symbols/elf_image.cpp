#include "symbols/elf_image.h"

#include <fcntl.h>
#include <gelf.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace situ {
namespace {

constexpr std::uint64_t page_size = 4096;

[[noreturn]] void not_readable(const std::string& path, std::string why) {
  throw Error(ErrorKind::file, "cannot read symbols of " + path, std::move(why));
}

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

// The build id in a block of notes; empty: none.
std::string build_id_in(Elf_Data* data) {
  GElf_Nhdr note;
  std::size_t name = 0, description = 0;
  for (std::size_t at = 0; (at = gelf_getnote(data, at, &note, &name, &description)) > 0;) {
    const auto* base = static_cast<const std::byte*>(data->d_buf);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(base + name, "GNU", 4) == 0)
      return hex({base + description, note.n_descsz});
  }
  return {};
}

}  // namespace

std::unique_ptr<ElfImage> ElfImage::open(const std::string& path) {
  std::unique_ptr<ElfImage> image(new ElfImage);
  image->path_ = path;
  image->fd_ = UniqueFd(retry_eintr([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!image->fd_) throw_errno(ErrorKind::file, "cannot read symbols of " + path);
  elf_version(EV_CURRENT);
  image->elf_ = elf_begin(image->fd_.get(), ELF_C_READ_MMAP, nullptr);
  image->read_headers();
  return image;
}

std::unique_ptr<ElfImage> ElfImage::from_memory(std::vector<std::byte> bytes) {
  std::unique_ptr<ElfImage> image(new ElfImage);
  image->path_ = "[memory]";
  image->memory_ = std::move(bytes);
  elf_version(EV_CURRENT);
  image->elf_ = elf_memory(reinterpret_cast<char*>(image->memory_.data()), image->memory_.size());
  image->read_headers();
  return image;
}

ElfImage::~ElfImage() {
  if (elf_ != nullptr) elf_end(elf_);
}

void ElfImage::read_headers() {
  if (elf_ == nullptr || elf_kind(elf_) != ELF_K_ELF) not_readable(path_, "it is not an ELF file");
  GElf_Ehdr header;
  if (gelf_getehdr(elf_, &header) == nullptr) not_readable(path_, "its ELF header is damaged");
  if (gelf_getclass(elf_) != ELFCLASS64 || header.e_machine != EM_X86_64)
    not_readable(path_, "it is not an x86-64 file");
  std::size_t size = 0;
  const char* raw = elf_rawfile(elf_, &size);
  if (raw != nullptr) file_ = {reinterpret_cast<const std::byte*>(raw), size};
  std::size_t count = 0;
  if (elf_getphdrnum(elf_, &count) != 0) count = 0;
  std::optional<std::uint64_t> lowest;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf_, static_cast<int>(i), &segment) == nullptr) break;
    if (segment.p_type != PT_LOAD) continue;
    lowest = std::min(lowest.value_or(segment.p_vaddr), segment.p_vaddr);
    if (segment.p_offset >= size) continue;
    const std::uint64_t in_file = std::min<std::uint64_t>(segment.p_filesz, size - segment.p_offset);
    if (segment.p_vaddr + in_file < segment.p_vaddr) continue;
    segments_.push_back({{{segment.p_vaddr}, {segment.p_vaddr + in_file}}, segment.p_offset});
  }
  lowest_ = {lowest.value_or(0) & ~(page_size - 1)};
}

std::string ElfImage::build_id() const {
  std::size_t count = 0;
  if (elf_getphdrnum(elf_, &count) != 0) count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf_, static_cast<int>(i), &segment) == nullptr) break;
    if (segment.p_type != PT_NOTE || segment.p_offset >= file_.size()) continue;
    if (segment.p_filesz > file_.size() - segment.p_offset) continue;
    Elf_Data* data = elf_getdata_rawchunk(elf_, static_cast<std::int64_t>(segment.p_offset), segment.p_filesz,
                                          segment.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
    if (data == nullptr) continue;
    if (std::string id = build_id_in(data); !id.empty()) return id;
  }
  // A separate debug file's notes have no bytes in their segment, only in their section.
  if (Elf_Data* data = section(".note.gnu.build-id")) return build_id_in(data);
  return {};
}

Elf_Data* ElfImage::section(const char* name) const {
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf_, &names) != 0) return nullptr;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type == SHT_NOBITS) continue;
    const char* found = elf_strptr(elf_, names, header.sh_name);
    if (found != nullptr && std::strcmp(found, name) == 0) return elf_getdata(section, nullptr);
  }
  return nullptr;
}

bool ElfImage::has_section(const char* name) const {
  return section(name) != nullptr;
}

std::optional<ElfImage::DebugLink> ElfImage::debug_link() const {
  // A file name, its NUL, padding to 4 bytes, then the CRC of the file.
  const Elf_Data* data = section(".gnu_debuglink");
  if (data == nullptr || data->d_buf == nullptr) return std::nullopt;
  const auto* text = static_cast<const char*>(data->d_buf);
  const std::size_t length = ::strnlen(text, data->d_size);
  const std::size_t crc_at = (length + 4) & ~std::size_t{3};
  if (length == 0 || crc_at + 4 > data->d_size) return std::nullopt;
  DebugLink link{std::string(text, length)};
  std::memcpy(&link.crc, text + crc_at, 4);
  return link;
}

std::span<const std::byte> ElfImage::bytes(FileAddress from, std::uint64_t size) const {
  for (const Segment& segment : segments_) {
    if (!segment.range.contains(from)) continue;
    const std::uint64_t skipped = from.value - segment.range.low.value;
    return file_.subspan(segment.offset + skipped, std::min(size, segment.range.size() - skipped));
  }
  return {};
}

}  // namespace situ
