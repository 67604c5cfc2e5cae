#include "render/text_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace situ {
namespace {

bool word(char c) {
  return c == '_' || c == '$' || std::isalnum(static_cast<unsigned char>(c));
}

// Drops "name::" prefixes everywhere: after "::" the identifier before it goes.
std::string without_paths(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.substr(i, 2) != "::") {
      out += name[i];
      continue;
    }
    while (!out.empty() && word(out.back())) out.pop_back();
    ++i;
  }
  return out;
}

void drop(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

// Removes ", name<...>" up to its matching bracket.
void drop_argument(std::string& text, std::string_view start) {
  for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
    std::size_t end = at + start.size();
    for (int depth = 1; end < text.size() && depth > 0; ++end) {
      if (text[end] == '<') ++depth;
      if (text[end] == '>') --depth;
    }
    while (end < text.size() && text[end] == ' ') ++end;
    text.erase(at, end - at);
  }
}

}  // namespace

std::string short_type(std::string_view name) {
  std::string out = without_paths(name);
  drop(out, ", Global");
  drop_argument(out, ", allocator<");
  drop_argument(out, ", char_traits<");
  drop_argument(out, ", default_delete<");
  for (auto at = out.find("basic_string<char>"); at != std::string::npos;
       at = out.find("basic_string<char>")) {
    out.replace(at, 18, "string");
  }
  return out;
}

std::string short_function(std::string_view name) {
  int depth = 0;
  for (std::size_t i = name.size(); i > 1; --i) {
    const char c = name[i - 1];
    if (c == '>' || c == '}' || c == ')') ++depth;
    if (c == '<' || c == '{' || c == '(') --depth;
    if (depth == 0 && c == ':' && name[i - 2] == ':' && i < name.size() && name[i] != '{' && name[i] != '<') {
      return std::string(name.substr(i));
    }
  }
  return std::string(name);
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string position(std::string_view file, std::uint32_t line) {
  if (file.empty()) return {};
  if (line == 0) return std::string(file_name(file));
  return fmt::format("{}:{}", file_name(file), line);
}

std::string source_line(const Recording& recording, std::string_view file, std::uint32_t line) {
  if (file.empty() || line == 0) return {};
  const auto source = std::find_if(recording.sources.begin(), recording.sources.end(),
                                   [&](const Source& s) { return s.file == file; });
  if (source == recording.sources.end() || !source->text) return {};
  std::string_view rest = *source->text;
  for (std::uint32_t n = 1; n < line; ++n) {
    const auto newline = rest.find('\n');
    if (newline == std::string_view::npos) return {};
    rest.remove_prefix(newline + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  const auto from = rest.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return std::string(rest.substr(from, rest.find_last_not_of(" \t\r") + 1 - from));
}

std::string count_text(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string count_text(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count_text(count), noun, count == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  return count_text(bytes) + " B";
}

std::string hex(std::uint64_t value) {
  return fmt::format("{:#x}", value);
}

}  // namespace situ
