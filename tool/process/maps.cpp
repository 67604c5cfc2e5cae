#include "process/maps.h"

#include <charconv>
#include <optional>

namespace situ {
namespace {

// Takes a number and the one character that must follow it off the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text, int base, char end) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || stop == text.data() + text.size() || *stop != end) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return value;
}

// 555555554000-555555556000 r-xp 00001000 fe:01 1234      /usr/bin/thing
std::optional<Mapping> parse_line(std::string_view line) {
  Mapping mapping;
  const auto low = take_number(line, 16, '-');
  const auto high = low ? take_number(line, 16, ' ') : std::nullopt;
  if (!high || *high <= *low || line.size() < 5 || line[4] != ' ') return std::nullopt;
  mapping.range = {{*low}, {*high}};
  mapping.readable = line[0] == 'r';
  mapping.writable = line[1] == 'w';
  mapping.executable = line[2] == 'x';
  mapping.shared = line[3] == 's';
  line.remove_prefix(5);
  const auto offset = take_number(line, 16, ' ');
  const auto major = offset ? take_number(line, 16, ':') : std::nullopt;
  const auto minor = major ? take_number(line, 16, ' ') : std::nullopt;
  if (!minor) return std::nullopt;
  mapping.offset = *offset;
  const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), mapping.inode);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
  const auto name = line.find_first_not_of(' ');
  if (name != std::string_view::npos) mapping.path = line.substr(name);
  return mapping;
}

}  // namespace

std::vector<Mapping> parse_maps(std::string_view text) {
  std::vector<Mapping> mappings;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (auto mapping = parse_line(text.substr(0, end))) mappings.push_back(std::move(*mapping));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return mappings;
}

}  // namespace situ
