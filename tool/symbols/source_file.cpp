#include "symbols/source_file.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace situ {
namespace {

constexpr std::uintmax_t largest_source = 64 << 20;  // bytes

std::optional<std::string> read_text(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  if (std::filesystem::file_size(path, error) > largest_source || error) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) return std::nullopt;
  return text;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

// Whether some whole occurrence of `name` has text before it that `accepts`.
template <class Accepts>
bool any_token(std::string_view text, std::string_view name, Accepts accepts) {
  if (name.empty()) return false;
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool starts = at == 0 || !is_word(text[at - 1]) || !is_word(name.front());
    const bool ends = end == text.size() || !is_word(text[end]) || !is_word(name.back());
    if (starts && ends && accepts(text.substr(0, at))) return true;
  }
  return false;
}

}  // namespace

const SourceFiles::File& SourceFiles::file(const std::string& path) {
  auto [found, is_new] = files_.try_emplace(path);
  File& file = found->second;
  if (!is_new) return file;
  file.text = read_text(path);
  if (!file.text) return file;
  file.starts.push_back(0);
  for (std::size_t i = 0; i < file.text->size(); ++i)
    if ((*file.text)[i] == '\n') file.starts.push_back(i + 1);
  return file;
}

const std::string* SourceFiles::text(const std::string& path) {
  const File& found = file(path);
  return found.text ? &*found.text : nullptr;
}

std::optional<std::string_view> SourceFiles::line(const std::string& path, std::uint32_t line) {
  const File& found = file(path);
  if (!found.text || line == 0 || line > found.starts.size()) return std::nullopt;
  const std::size_t start = found.starts[line - 1];
  if (start == found.text->size()) return std::nullopt;
  std::string_view rest = std::string_view(*found.text).substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

bool has_token(std::string_view text, std::string_view name) {
  return any_token(text, name, [](std::string_view) { return true; });
}

bool may_declare(std::string_view text, std::string_view name) {
  return any_token(text, name,
                   [](std::string_view before) { return !before.ends_with('.') || before.ends_with(".."); });
}

}  // namespace situ
