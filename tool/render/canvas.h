// A sheet of character cells that lines and text are drawn on. Lines are kept as directions, so that where
// they meet they merge into the right box-drawing character. Used by the terminal picture and the stepper.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "render/color.h"
#include "render/width.h"

namespace situ {

enum class Stroke : std::uint8_t { light, heavy, dashed };
enum class Colors { off, on };

class Canvas {
 public:
  Canvas(std::size_t width, Charset charset) : width_(width), charset_(charset) {}

  std::size_t width() const { return width_; }
  std::size_t height() const { return rows_.size(); }
  Charset charset() const { return charset_; }
  void grow(std::size_t height);  // at least this many rows

  // Writes from column `x`, over whatever is there, up to column `end` at most (or the sheet's edge). Returns
  // the column after the last one written.
  std::size_t text(std::size_t y, std::size_t x, std::string_view words, Ink ink = Ink::plain,
                   std::size_t end = SIZE_MAX);
  // Lines join the centres of their first and last cell; they never replace text.
  void horizontal(std::size_t y, std::size_t from, std::size_t to, Stroke stroke, Ink ink);
  void vertical(std::size_t x, std::size_t from, std::size_t to, Stroke stroke, Ink ink);
  bool blank(std::size_t y, std::size_t x) const;

  // Every row with a newline, without trailing spaces; only our own colour sequences.
  std::string print(Colors colors) const;

 private:
  struct Cell {
    std::string text;        // empty: a line, or blank
    std::uint8_t light = 0;  // directions: 1 up, 2 right, 4 down, 8 left
    std::uint8_t heavy = 0;  // likewise
    bool dashed = false;     // as long as no solid line joins in
    bool covered = false;    // the second column of a wide cluster
    Ink ink = Ink::plain;
  };
  enum Direction : std::uint8_t { up = 1, right = 2, down = 4, left = 8 };

  void erase(std::size_t y, std::size_t x);
  void join(std::size_t y, std::size_t x, std::uint8_t directions, Stroke stroke, Ink ink);
  std::string_view glyph(const Cell& cell) const;

  std::size_t width_;
  Charset charset_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace situ
