#include "symbols/user_code.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace situ {
namespace {

// Where distributions, rustup and rustc's own build put library sources (debug-info.md §6.5).
constexpr std::array<std::string_view, 8> library_prefixes = {
    "/rustc/",   "/rust/deps/", "/usr/src/",           "/usr/include/",
    "/usr/lib/", "/usr/lib64/", "/usr/local/include/", "/usr/local/lib/",
};
// Downloaded or shipped with a toolchain, wherever the home directory is.
constexpr std::array<std::string_view, 3> library_infixes = {
    "/.cargo/registry/",
    "/.cargo/git/",
    "/rustlib/src/rust/library/",
};

bool under_library_prefix(std::string_view path) {
  const auto is_prefix = [&](std::string_view prefix) {
    return path.starts_with(prefix) || path == prefix.substr(0, prefix.size() - 1);
  };
  return std::any_of(library_prefixes.begin(), library_prefixes.end(), is_prefix);
}

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_glob(pattern, text); });
}

bool matches_with_wildcards(std::string_view pattern, std::string_view text) {
  // Greedy with one point of return: after a later star, an earlier one never needs to be tried again.
  std::size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

UserCode::UserCode(Options options) : options_(std::move(options)) {}

bool UserCode::is_user(std::string_view function, std::string_view file,
                       std::string_view compilation_directory) const {
  if (matches_any(options_.exclude, function) || matches_any(options_.exclude, file)) return false;
  if (!options_.functions.empty()) return matches_any(options_.functions, function);
  if (options_.all) return true;
  return !is_library_file(file, compilation_directory);
}

bool UserCode::is_user_variable(std::string_view name, std::string_view file,
                                std::string_view compilation_directory) const {
  if (matches_any(options_.exclude, name) || matches_any(options_.exclude, file)) return false;
  return options_.all || !is_library_file(file, compilation_directory);
}

bool UserCode::may_hold_user_code(std::string_view unit_name, std::string_view compilation_directory) const {
  if (options_.all || !options_.functions.empty()) return true;
  // A directory of a library's build; or a unit named by an absolute library path. A relative name says
  // nothing: rustc's are not file names.
  if (under_library_prefix(compilation_directory)) return false;
  return !(unit_name.starts_with('/') && is_library_file(unit_name, compilation_directory));
}

bool UserCode::may_hold_user_code_in(std::string_view module_path) const {
  if (options_.all || !options_.functions.empty()) return true;
  if (module_path.starts_with('[')) return false;
  static constexpr std::array<std::string_view, 6> system = {"/lib/",     "/lib64/",     "/lib32/",
                                                             "/usr/lib/", "/usr/lib64/", "/usr/lib32/"};
  return std::ranges::none_of(system,
                              [&](std::string_view prefix) { return module_path.starts_with(prefix); });
}

bool UserCode::is_library_file(std::string_view file, std::string_view compilation_directory) {
  if (file.empty() || file.starts_with('<') || file == "???") return true;  // "<built-in>", "<artificial>"
  if (!file.starts_with('/')) {
    // Builds with mapped prefixes have relative paths; the user's lead to a file from here.
    if (under_library_prefix(compilation_directory)) return true;
    return ::access(std::string(file).c_str(), F_OK) != 0;
  }
  if (under_library_prefix(file)) return true;
  return std::any_of(library_infixes.begin(), library_infixes.end(),
                     [&](std::string_view infix) { return file.find(infix) != std::string_view::npos; });
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  if (pattern.find_first_of("*?") != std::string_view::npos) return matches_with_wildcards(pattern, text);
  if (pattern.empty()) return text.empty();
  for (std::size_t at = text.find(pattern); at != std::string_view::npos; at = text.find(pattern, at + 1)) {
    const std::string_view before = text.substr(0, at), after = text.substr(at + pattern.size());
    const bool name_suffix = (before.empty() || before.ends_with("::")) && after.empty();
    const bool component =
        (before.empty() || before.ends_with('/')) && (after.empty() || after.starts_with('/'));
    if (name_suffix || component) return true;
  }
  return false;
}

}  // namespace situ
