#include "process/executable.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace situ {
namespace {

[[noreturn]] void refuse(std::string_view name, std::string why, std::string remedy = {}) {
  throw Error(ErrorKind::cannot_trace, fmt::format("cannot trace {}", name), std::move(why),
              std::move(remedy));
}

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool may_execute(const std::string& path) {
  return ::access(path.c_str(), X_OK) == 0;
}

// As execvp: the first executable file of that name in PATH; else the first file of that name, so that the
// refusal can name it.
std::optional<std::string> look_up_in_path(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path ? path : "/bin:/usr/bin";
  std::optional<std::string> not_executable;
  for (;;) {
    const auto end = folders.find(':');
    const std::string_view folder = folders.substr(0, end);
    const std::string candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
    if (is_file(candidate)) {
      if (may_execute(candidate)) return candidate;
      if (!not_executable) not_executable = candidate;
    }
    if (end == std::string_view::npos) return not_executable;
    folders.remove_prefix(end + 1);
  }
}

std::string locate(std::string_view name) {
  if (name.empty()) refuse("\"\"", "the program's name is empty");
  if (name.find('/') != std::string_view::npos) return std::string(name);
  if (auto found = look_up_in_path(name)) return *found;
  const std::string here = fmt::format("./{}", name);
  refuse(name, "no program of that name in PATH",
         is_file(here) ? fmt::format("name it as {}", here) : std::string("give the path of the program"));
}

std::vector<std::byte> read_head(int fd, std::size_t size) {
  std::vector<std::byte> head(size);
  const auto got = retry_eintr([&] { return ::pread(fd, head.data(), head.size(), 0); });
  head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return head;
}

bool begins_with(const std::vector<std::byte>& head, std::string_view text) {
  return head.size() >= text.size() && std::memcmp(head.data(), text.data(), text.size()) == 0;
}

void refuse_script(std::string_view name, const std::vector<std::byte>& head) {
  std::string line(head.size(), '\0');
  std::memcpy(line.data(), head.data(), head.size());
  line = line.substr(2, line.find('\n') == std::string::npos ? std::string::npos : line.find('\n') - 2);
  const auto first = line.find_first_not_of(" \t");
  line = first == std::string::npos ? std::string() : line.substr(first, 200);
  refuse(name, line.empty() ? "it is a script" : fmt::format("it is a script for {}", line),
         line.empty() ? std::string() : fmt::format("trace its interpreter: {} {}", line, name));
}

Elf64_Ehdr checked_header(std::string_view name, const std::vector<std::byte>& head) {
  if (begins_with(head, "#!")) refuse_script(name, head);
  if (head.empty()) refuse(name, "the file is empty");
  if (!begins_with(head, ELFMAG)) refuse(name, "it is not an ELF file");
  if (head.size() < sizeof(Elf64_Ehdr)) refuse(name, "its ELF header is cut off");
  Elf64_Ehdr header;
  std::memcpy(&header, head.data(), sizeof header);
  if (header.e_ident[EI_CLASS] == ELFCLASS32)
    refuse(name, "it is a 32-bit program", "build it for x86-64 (without -m32)");
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
    refuse(name, "its ELF header is damaged");
  if (header.e_machine != EM_X86_64)
    refuse(name, fmt::format("it is built for another processor (ELF machine {})", header.e_machine),
           "build it for x86-64");
  if (header.e_type == ET_REL || header.e_type == ET_CORE)
    refuse(name, header.e_type == ET_REL ? "it is an object file" : "it is a core file",
           header.e_type == ET_REL ? "link it first" : "use situ core");
  if ((header.e_type != ET_EXEC && header.e_type != ET_DYN) || header.e_entry == 0)
    refuse(name, "it is not a program (no entry point)", "name the program that uses it");
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 || header.e_phoff > head.size() ||
      header.e_phnum * sizeof(Elf64_Phdr) > head.size() - header.e_phoff)
    refuse(name, "its ELF header is damaged (program headers)");
  return header;
}

}  // namespace

Executable find_executable(std::string_view name) {
  const std::string located = locate(name);
  const UniqueFd fd(retry_eintr([&] { return ::open(located.c_str(), O_RDONLY | O_CLOEXEC); }));
  struct stat info {};
  if (fd ? ::fstat(fd.get(), &info) != 0 : ::stat(located.c_str(), &info) != 0)
    refuse(name, std::strerror(errno), errno == ENOENT ? "check the path" : "");
  if (S_ISDIR(info.st_mode)) refuse(name, "it is a directory", "name a program in it");
  if (!S_ISREG(info.st_mode)) refuse(name, "it is not a regular file");
  if (!may_execute(located)) refuse(name, "it is not executable", fmt::format("chmod +x {}", located));
  if (!fd) refuse(name, "it may be run but not read", "situ must read its debug info");

  const auto head = read_head(fd.get(), 64 * 1024);
  const Elf64_Ehdr header = checked_header(name, head);
  Executable executable;
  executable.path = std::filesystem::absolute(located).lexically_normal().string();
  executable.position_independent = header.e_type == ET_DYN;
  executable.set_id = (info.st_mode & (S_ISUID | S_ISGID)) != 0;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    std::memcpy(&segment, head.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_INTERP) executable.has_interpreter = true;
    if (segment.p_type == PT_TLS) executable.has_thread_locals = true;
  }
  return executable;
}

}  // namespace situ
