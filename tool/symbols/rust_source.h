// How far a `let` of a Rust source reaches. DWARF's blocks end with the code that the compiler put in them,
// the language's with the closing brace (debug-info.md §4.4, §4.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace situ {

// Words and punctuation of a Rust text; comments, strings, characters and lifetimes are left out.
struct RustToken {
  std::string_view text;  // a whole word, or one character
  std::uint32_t line = 0;
};
std::vector<RustToken> rust_tokens(std::string_view text);

struct LetReach {
  std::uint32_t end_of_let = 0;  // line of its semicolon
  std::uint32_t closing = 0;     // line of the brace that closes the block around it
};

// Of the `let` statement that binds `name` on `line`; empty: there is none (a parameter, a `for`, `if let` or
// `match` binding, the text does not fit).
std::optional<LetReach> let_reach(const std::vector<RustToken>& tokens, std::uint32_t line,
                                  std::string_view name);

}  // namespace situ
