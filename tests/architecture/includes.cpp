#include "architecture/includes.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

namespace situ {
namespace {

namespace fs = std::filesystem;
using Rooms = std::set<std::string, std::less<>>;

// Each room and the rooms it may include besides itself.
const std::map<std::string, Rooms, std::less<>>& table() {
  static const Rooms capture = {"base", "model", "process", "symbols", "unwind", "heap", "inspect"};
  static const Rooms view = {"base", "model", "decode", "analysis"};
  static const std::map<std::string, Rooms, std::less<>> rooms = {
      {"base", {}},
      {"model", {"base"}},
      {"recording", {"base", "model"}},
      {"decode", {"base", "model"}},
      {"analysis", {"base", "model", "decode"}},
      {"layout", view},
      {"render", view},
      {"export", view},
      {"process", {"base"}},
      {"symbols", {"base", "model"}},
      {"unwind", {"base", "model", "process", "symbols"}},
      {"heap", {"base", "model", "probe/wire.h"}},
      {"inspect", {"base", "model", "process", "symbols", "unwind", "heap"}},
      {"trace", capture},
      {"viewer", {}},
  };
  return rooms;
}

// Headers of other projects stay in the rooms named; the longest prefix counts.
struct ThirdParty {
  std::string_view prefix;
  Rooms rooms;
};
const std::vector<ThirdParty>& third_party() {
  static const std::vector<ThirdParty> headers = {
      {"elfutils/", {"symbols"}},
      {"dwarf.h", {"symbols"}},
      {"libelf.h", {"symbols"}},
      {"gelf.h", {"symbols"}},
      {"libiberty/", {"symbols"}},
      {"libunwind", {"unwind"}},
      {"sys/ptrace.h", {"process"}},
      {"sys/wait.h", {"process"}},
      {"Zydis/", {"process"}},
      {"sqlite3.h", {"recording", "export"}},
      {"zstd.h", {"recording", "export"}},
      {"utf8proc.h", {"render"}},
      {"CLI/", {"cli"}},
      {"nlohmann/", {"layout"}},
  };
  return headers;
}

struct Include {
  std::string name;
  bool quoted = false;
};

// What an #include line names; empty for other lines.
std::optional<Include> include_of(std::string_view line) {
  const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const char closing = line.front() == '"' ? '"' : '>';
  const auto end = line.find(closing, 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{std::string(line.substr(1, end - 1)), closing == '"'};
}

// Why `room` must not include it; empty: it may.
std::string quoted_violation(const fs::path& file, const std::string& room, const std::string& name) {
  if (room == "probe") {
    const bool own = name.starts_with("probe/") || fs::exists(file.parent_path() / name);
    return own ? "" : "the probe includes only itself and libc";
  }
  if (room == "cli" || room == "main.cpp") return "";
  const auto known = table().find(room);
  if (known == table().end()) return "the table has no room " + room;
  const std::string target = name.substr(0, name.find('/'));
  if (target == room || known->second.contains(target) || known->second.contains(name)) return "";
  return room + " may not include " + target;
}

std::string third_party_violation(const std::string& room, bool header, const std::string& name) {
  if (name.starts_with("fmt/") && header && (room == "base" || room == "model")) {
    return "libfmt is not for the headers of base and model";
  }
  for (const ThirdParty& library : third_party()) {
    if (!name.starts_with(library.prefix) || library.rooms.contains(room)) continue;
    return "<" + name + "> is not for " + room;
  }
  return "";
}

void check_file(const fs::path& file, const std::string& room, std::vector<std::string>& violations) {
  std::ifstream in(file);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::optional<Include> include = include_of(line);
    if (!include) continue;
    const std::string why = include->quoted
                                ? quoted_violation(file, room, include->name)
                                : third_party_violation(room, file.extension() == ".h", include->name);
    if (!why.empty()) violations.push_back(file.string() + ":" + std::to_string(number) + ": " + why);
  }
}

}  // namespace

std::vector<std::string> include_violations(const fs::path& root) {
  std::vector<std::string> violations;
  for (const char* top : {"tool", "probe"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      const fs::path inside = fs::relative(entry.path(), root / top);
      const std::string room = std::string_view(top) == "probe" ? "probe" : inside.begin()->string();
      check_file(entry.path(), room, violations);
    }
  }
  std::ranges::sort(violations);
  return violations;
}

std::vector<std::string> capture_symbols(const std::string& undefined) {
  static constexpr std::string_view prefixes[] = {"dwarf_", "dwfl_", "dwelf_", "elf_",  "elf32_",
                                                  "elf64_", "gelf_", "unw_",   "_Ux86", "_UL"};
  static constexpr std::string_view names[] = {"ptrace", "waitpid", "wait4", "process_vm_readv"};
  std::vector<std::string> found;
  std::istringstream words(undefined);
  for (std::string word; words >> word;) {
    const std::string name = word.substr(0, word.find('@'));
    const bool starts = std::ranges::any_of(prefixes, [&](auto prefix) { return name.starts_with(prefix); });
    if (starts || std::ranges::find(names, name) != std::end(names)) found.push_back(name);
  }
  return found;
}

}  // namespace situ
