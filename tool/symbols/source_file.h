// Source texts, as the debug info names them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace situ {

class SourceFiles {
 public:
  // The whole text; null: the file could not be read. Cached.
  const std::string* text(const std::string& path);
  // Line `line` (from 1) without its newline; empty optional: no such file or line.
  std::optional<std::string_view> line(const std::string& path, std::uint32_t line);

 private:
  struct File {
    std::optional<std::string> text;
    std::vector<std::size_t> starts;
  };
  const File& file(const std::string& path);
  std::map<std::string, File> files_;
};

// Whether `name` occurs as a whole identifier in `text`.
bool has_token(std::string_view text, std::string_view name);
// The same, but the member of something (`v.name`) does not count: a declaration does not look so.
bool may_declare(std::string_view text, std::string_view name);

}  // namespace situ
