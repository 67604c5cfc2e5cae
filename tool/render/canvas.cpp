#include "render/canvas.h"

#include <algorithm>

namespace situ {
namespace {

// By the mask of directions 1 up, 2 right, 4 down, 8 left.
constexpr std::array<std::string_view, 16> light_glyphs = {" ", "╵", "╶", "╰", "╷", "│", "╭", "├",
                                                           "╴", "╯", "─", "┴", "╮", "┤", "┬", "┼"};
constexpr std::array<std::string_view, 16> heavy_glyphs = {" ", "╹", "╺", "┗", "╻", "┃", "┏", "┣",
                                                           "╸", "┛", "━", "┻", "┓", "┫", "┳", "╋"};
constexpr std::array<std::string_view, 16> ascii_glyphs = {" ", "|", "-", "+", "|", "|", "+", "+",
                                                           "-", "+", "-", "+", "+", "+", "+", "+"};

// Where a heavy rule meets light sides.
std::string_view mixed_glyph(std::uint8_t light, std::uint8_t heavy) {
  switch (heavy << 4 | light) {
    case 0x21:
      return "┕";
    case 0x24:
      return "┍";
    case 0x25:
      return "┝";
    case 0x81:
      return "┙";
    case 0x84:
      return "┑";
    case 0x85:
      return "┥";
    case 0xA1:
      return "┷";
    case 0xA4:
      return "┯";
    case 0xA5:
      return "┿";
    default:
      return light_glyphs[static_cast<std::size_t>((light | heavy) & 15)];
  }
}

}  // namespace

void Canvas::grow(std::size_t height) {
  while (rows_.size() < height) rows_.emplace_back(width_);
}

void Canvas::erase(std::size_t y, std::size_t x) {
  auto& row = rows_[y];
  if (row[x].covered) row[x - 1] = {};
  if (x + 1 < width_ && row[x + 1].covered) row[x + 1] = {};
  row[x] = {};
}

std::size_t Canvas::text(std::size_t y, std::size_t x, std::string_view words, Ink ink, std::size_t end) {
  grow(y + 1);
  end = std::min(end, width_);
  for (const Grapheme& g : graphemes(words, charset_)) {
    if (x + g.width > end) break;
    erase(y, x);
    if (g.width == 2) {
      erase(y, x + 1);
      rows_[y][x + 1].covered = true;
    }
    rows_[y][x].text = g.text;
    rows_[y][x].ink = ink;
    x += g.width;
  }
  return x;
}

void Canvas::join(std::size_t y, std::size_t x, std::uint8_t directions, Stroke stroke, Ink ink) {
  Cell& cell = rows_[y][x];
  if (!cell.text.empty() || cell.covered) return;
  const bool fresh = cell.light == 0 && cell.heavy == 0;
  if (stroke == Stroke::heavy) {
    cell.heavy = static_cast<std::uint8_t>(cell.heavy | directions);
  } else {
    cell.light = static_cast<std::uint8_t>(cell.light | directions);
  }
  cell.dashed = (fresh || cell.dashed) && stroke == Stroke::dashed;
  cell.ink = ink;
}

void Canvas::horizontal(std::size_t y, std::size_t from, std::size_t to, Stroke stroke, Ink ink) {
  grow(y + 1);
  for (std::size_t x = from; x <= to && x < width_; ++x) {
    join(y, x, static_cast<std::uint8_t>((x > from ? left : 0) | (x < to ? right : 0)), stroke, ink);
  }
}

void Canvas::vertical(std::size_t x, std::size_t from, std::size_t to, Stroke stroke, Ink ink) {
  if (x >= width_) return;
  grow(to + 1);
  for (std::size_t y = from; y <= to; ++y) {
    join(y, x, static_cast<std::uint8_t>((y > from ? up : 0) | (y < to ? down : 0)), stroke, ink);
  }
}

bool Canvas::blank(std::size_t y, std::size_t x) const {
  if (y >= rows_.size() || x >= width_) return true;
  const Cell& cell = rows_[y][x];
  return cell.text.empty() && !cell.covered && cell.light == 0 && cell.heavy == 0;
}

std::string_view Canvas::glyph(const Cell& cell) const {
  if (!cell.text.empty()) return cell.text;
  const std::uint8_t all = cell.light | cell.heavy;
  const bool upright = all == (up | down), level = all == (left | right);
  if (charset_ == Charset::ascii) {
    if (cell.dashed) return upright ? ":" : level ? "." : ascii_glyphs[all];
    return level && cell.heavy ? "=" : ascii_glyphs[all];
  }
  if (cell.dashed && upright) return "┊";
  if (cell.dashed && level) return "┄";
  if (cell.heavy == 0) return light_glyphs[cell.light];
  if (cell.light == 0) return heavy_glyphs[cell.heavy];
  return mixed_glyph(cell.light, cell.heavy);
}

std::string Canvas::print(Colors colors) const {
  std::string out;
  for (const auto& row : rows_) {
    std::size_t end = row.size();
    const auto empty = [&](const Cell& cell) {
      return !cell.covered && (cell.text.empty() || cell.text == " ") && cell.light == 0 && cell.heavy == 0;
    };
    while (end > 0 && empty(row[end - 1])) --end;
    Ink now = Ink::plain;
    for (std::size_t x = 0; x < end; ++x) {
      if (row[x].covered) continue;
      const Ink ink = empty(row[x]) ? now : row[x].ink;
      if (colors == Colors::on && ink != now) {
        if (now != Ink::plain) out += sgr_reset;
        out += sgr(ink);
        now = ink;
      }
      out += glyph(row[x]);
    }
    if (now != Ink::plain) out += sgr_reset;
    out += '\n';
  }
  return out;
}

}  // namespace situ
