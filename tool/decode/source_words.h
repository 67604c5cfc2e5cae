// What a line of source does with a name, as far as its text says.
#pragma once

#include <string_view>

namespace situ {

// The next place at or after `from` where `name` stands as a word; npos: nowhere.
std::size_t find_word(std::string_view line, std::string_view name, std::size_t from = 0);
// "x = ..." but neither "let x = ..." nor "x == ...".
bool assigns(std::string_view line, std::string_view name);
// The name stands alone, where its value is taken: "f(x)", "= x;", "move || ... x ..."; not "&x", "x.y",
// "*x".
bool uses_value(std::string_view line, std::string_view name);
// "std::move(x)".
bool moves_explicitly(std::string_view line, std::string_view name);

}  // namespace situ
