#include "render/color.h"

#include <array>

namespace situ {

// Readable on black and on white: the accents lie in the middle of the 256-colour cube.
std::string_view sgr(Ink ink) {
  static constexpr std::array<std::string_view, 11> sequences = {
      "",
      "\x1b[38;5;244m",
      "\x1b[1m",
      "\x1b[1;38;5;172m",
      "\x1b[1;38;5;160m",
      "\x1b[38;5;32m",
      "\x1b[38;5;35m",
      "\x1b[38;5;134m",
      "\x1b[38;5;136m",
      "\x1b[38;5;37m",
      "\x1b[38;5;168m",
  };
  return sequences[static_cast<std::size_t>(ink)];
}

}  // namespace situ
