// What a cell means, and the terminal colour that goes with it: 256-colour SGR, few colours, each of them
// doubled by a sign in the text.
#pragma once

#include <cstdint>
#include <string_view>

namespace situ {

enum class Ink : std::uint8_t {
  plain,
  faint,    // addresses, types, rules, what is no longer there
  strong,   // headings, function names
  changed,  // another value than at the step before
  danger,   // dangling
  accent0,  // one per heap block, shared by its arrows
  accent1,
  accent2,
  accent3,
  accent4,
  accent5,
};
inline constexpr std::uint32_t accents = 6;

// The accent of the n-th thing, always the same.
constexpr Ink accent(std::uint32_t n) {
  return static_cast<Ink>(static_cast<std::uint32_t>(Ink::accent0) + n % accents);
}

// The escape sequence that switches to `ink` from the plain state; empty for plain.
std::string_view sgr(Ink ink);
inline constexpr std::string_view sgr_reset = "\x1b[0m";

}  // namespace situ
