#include "architecture/tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string_view>

namespace situ {
namespace {

namespace fs = std::filesystem;

bool in_a_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("_.-~*}/").find(c) != std::string_view::npos;
}

// Whose folder in an example it may be.
bool is_nobody(std::string_view name) {
  return name == "me" || name == "you" || name == "user" || name == "u";
}

// The first path under one of the folders that belong to a person or a machine; empty: none.
std::string private_path_in(std::string_view text) {
  for (const std::string_view folder : {"home", "root", "work", "Users"}) {
    const std::string start = "/" + std::string(folder) + "/";
    for (auto at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
      const auto next = at + start.size();
      const bool starts = at == 0 || !in_a_word(text[at - 1]);
      const std::string_view name = text.substr(next, text.find('/', next) - next);
      if (starts && !name.empty() && !is_nobody(name) && std::isalnum(static_cast<unsigned char>(name[0]))) {
        return std::string(text.substr(at, std::min(text.find_first_of(" \n\"')", at), at + 60) - at));
      }
    }
  }
  return {};
}

}  // namespace

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string all;
  std::array<char, 4096> piece{};
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), pipe)) {
    all.append(piece.data(), count);
  }
  if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed");
  return all;
}

std::vector<fs::path> project_files(const fs::path& root) {
  std::vector<fs::path> files;
  if (fs::exists(root / ".git")) {
    const std::string names = output_of("git -C '" + root.string() + "' ls-files -z");
    for (std::size_t at = 0; at < names.size(); at = names.find('\0', at) + 1) {
      files.emplace_back(names.c_str() + at);
    }
    return files;
  }
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator();
       ++entry) {
    if (entry.depth() == 0 && entry->path().filename().string().starts_with("build")) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(fs::relative(entry->path(), root));
    }
  }
  return files;
}

std::vector<std::string> nameless_folders(const std::vector<fs::path>& files) {
  static const std::set<std::string, std::less<>> names = {"util",    "utils", "common", "helper",
                                                           "helpers", "misc",  "core"};
  std::set<std::string> found;
  for (const fs::path& file : files) {
    for (fs::path folder = file.parent_path(); !folder.empty(); folder = folder.parent_path()) {
      if (names.contains(folder.filename().string())) found.insert(folder.string());
    }
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> strangers_at_the_top(const std::vector<fs::path>& files) {
  static const std::set<std::string, std::less<>> names = {
      "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "tool",
      "probe",          "samples",           "tests",   "docs"};
  std::set<std::string> found;
  for (const fs::path& file : files) {
    const std::string top = file.begin()->string();
    if (!top.starts_with('.') && !names.contains(top)) found.insert(top);
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> private_paths(const fs::path& root, const std::vector<fs::path>& files) {
  std::vector<std::string> found;
  for (const fs::path& file : files) {
    std::ifstream in(root / file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::string path = private_path_in(text);
    if (!path.empty()) found.push_back(file.string() + ": " + path);
  }
  return found;
}

}  // namespace situ
