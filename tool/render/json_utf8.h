// Where text is UTF-8 and where it only pretends to be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace situ {

inline constexpr std::string_view replacement_character = "\xef\xbf\xbd";  // U+FFFD

// What `text`, not empty, begins with: one well-formed character, or a maximal ill-formed part (Unicode 15,
// table 3-7 and §3.9 "U+FFFD Substitution of Maximal Subparts").
struct Utf8Run {
  std::size_t size = 1;
  bool valid = false;
};
Utf8Run utf8_run(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace situ
