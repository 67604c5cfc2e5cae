#include "decode/source_words.h"

#include <algorithm>

namespace situ {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (c & 0x80) != 0;
}

std::string_view without_comment(std::string_view line) {
  return line.substr(0, line.find("//"));
}

std::string_view before(std::string_view line, std::size_t at) {
  line = line.substr(0, at);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

std::string_view after(std::string_view line, std::size_t at) {
  line = line.substr(at);
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  return line;
}

template <class Test>
bool any_occurrence(std::string_view line, std::string_view name, Test test) {
  line = without_comment(line);
  for (auto at = find_word(line, name); at != std::string_view::npos; at = find_word(line, name, at + 1)) {
    if (test(before(line, at), after(line, at + name.size()))) return true;
  }
  return false;
}

}  // namespace

std::size_t find_word(std::string_view line, std::string_view name, std::size_t from) {
  if (name.empty()) return std::string_view::npos;
  for (auto at = line.find(name, from); at != std::string_view::npos; at = line.find(name, at + 1)) {
    const bool starts = at == 0 || !is_word(line[at - 1]);
    const bool ends = at + name.size() == line.size() || !is_word(line[at + name.size()]);
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

bool assigns(std::string_view line, std::string_view name) {
  return any_occurrence(line, name, [](std::string_view head, std::string_view tail) {
    const bool declared = head.ends_with("let") || head.ends_with("mut") || head.ends_with("auto");
    return !declared && !head.ends_with(".") && tail.starts_with("=") && !tail.starts_with("==");
  });
}

bool uses_value(std::string_view line, std::string_view name) {
  const bool captures = find_word(without_comment(line), "move") != std::string_view::npos;
  return any_occurrence(line, name, [captures](std::string_view head, std::string_view tail) {
    if (captures) return true;
    if (head.ends_with("&") || head.ends_with("&mut") || head.ends_with("*") || head.ends_with(".")) {
      return false;
    }
    if (head.ends_with("let") || head.ends_with("mut")) return false;
    if (tail.starts_with("=") && !tail.starts_with("==")) return false;
    return !(tail.starts_with(".") || tail.starts_with("[") || tail.starts_with("->"));
  });
}

bool moves_explicitly(std::string_view line, std::string_view name) {
  return any_occurrence(line, name, [](std::string_view head, std::string_view tail) {
    return (head.ends_with("move(") || head.ends_with("move (")) && !tail.empty();
  });
}

}  // namespace situ
