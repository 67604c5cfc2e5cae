#include <algorithm>
#include <string>

#include "render/text_draw.h"

namespace situ {
namespace {

constexpr std::size_t wrapped_lines = 3;

void draw_title(Canvas& canvas, std::size_t y, Area area, const BlockCard& card) {
  const std::size_t right = area.x + area.width - 1;
  std::size_t x = canvas.text(y, area.x + 2, " ");
  if (card.sign != ' ')
    x = canvas.text(y, x, std::string(1, card.sign) + " ", sign_ink(card.sign, card.ghost));
  x = canvas.text(y, x, card.label, card.ink, right);
  x = canvas.text(y, x, " " + card.tail + " ", Ink::faint, right);
  // The size matters more than the word for what the sign says already.
  const std::size_t state = card.state.empty() ? 0 : display_width(card.state) + 1;
  for (const auto& [size, stated] : {std::pair(card.size_text, true), std::pair(card.size_short, true),
                                     std::pair(card.size_text, false), std::pair(card.size_short, false)}) {
    const std::string words = " " + size + " ";
    if (size.empty() || x + (stated ? state : 0) + display_width(words) + 2 > right) continue;
    if (stated && state > 0)
      canvas.text(y, x, card.state + " ", card.ghost ? Ink::faint : Ink::strong, right);
    canvas.text(y, right - 1 - display_width(words), words, Ink::plain, right);
    return;
  }
}

// Hatched: what was freed is seen without colour too.
void hatch(Canvas& canvas, std::size_t y, std::size_t from, std::size_t to) {
  for (std::size_t x = from; x < to; ++x)
    canvas.text(y, x, canvas.charset() == Charset::ascii ? "/" : "░", Ink::faint);
}

// Draws a row of a block from column `x` to before `right`; returns the row after it.
std::size_t draw_block_row(Canvas& canvas, DrawnRow& drawn, std::size_t x, std::size_t right,
                           const BlockCard& card) {
  const Charset charset = canvas.charset();
  const Row& row = *drawn.row;
  std::size_t y = drawn.y;
  const std::size_t room = right > x ? right - x : 0;
  const std::size_t value = display_width(row.text) + (row.tag.empty() ? 0 : display_width(row.tag) + 1);
  const std::size_t type = display_width(row.type);
  if (value == 0) {
    canvas.text(y, x, cut(row.type, room, charset), Ink::faint);
    return y + 1;
  }
  const bool together = type > 0 && value + 2 + type <= room;
  if (together) {
    canvas.text(y, right - type, row.type, Ink::faint, right);
  } else if (type > 0 && row.name.empty()) {
    canvas.text(y++, x, cut(row.type, room, charset), Ink::faint);
    drawn.y = y;
  }
  if (row.tag.empty() && value > room) {
    auto lines = wrap(row.text, room, charset);
    if (lines.size() > wrapped_lines) {
      lines.resize(wrapped_lines);
      lines.back() = cut(lines.back() + std::string(room, ' '), room, charset);
    }
    for (const auto& line : lines) canvas.text(y++, x, line, row.dim ? Ink::faint : row.ink, right);
    return y;
  }
  const std::size_t end = together ? right - type - 1 : right;
  draw_value(canvas, y, x, end - x, row);
  if (card.ghost) hatch(canvas, y, x + value + 1, end);
  return y + 1;
}

std::size_t draw_card(Canvas& canvas, std::size_t y, Area area, const BlockCard& card, Drawn& drawn) {
  const Charset charset = canvas.charset();
  const std::size_t room = area.width - 4, right = area.x + area.width - 1;
  const Stroke stroke = card.ghost ? Stroke::dashed : Stroke::light;
  drawn.cards.push_back({y, y + 1, &card});
  const std::size_t top = y;
  canvas.horizontal(y, area.x, right, stroke, card.ink);
  draw_title(canvas, y++, area, card);
  std::size_t names = 0, wheres = 0;
  for (const auto& row : card.rows) {
    names = std::max(names, display_width(row.name));
    wheres = std::max(wheres, display_width(row.where));
  }
  names = std::min(names, room / 3);
  for (const auto& row : card.rows) {
    std::size_t x = area.x + 2;
    if (wheres > 0) {
      canvas.text(y, x + wheres - display_width(row.where), row.where, Ink::faint);
      x += wheres + 1;
    }
    if (names > 0) {
      canvas.text(y, x, cut(row.name, names, charset));
      x += names + 1;
    }
    const std::size_t sign = row.sign == ' ' ? 0 : 2;
    drawn.heap.push_back({y, &row});
    y = draw_block_row(canvas, drawn.heap.back(), x + sign, right - 1, card);
    if (sign > 0) canvas.text(drawn.heap.back().y, x, std::string(1, row.sign), sign_ink(row.sign, row.dim));
  }
  canvas.horizontal(y, area.x, right, stroke, card.ink);
  if (!card.footer.empty()) {
    const bool whole = card.short_footer.empty() || display_width(card.footer) + 2 <= room;
    canvas.text(y, area.x + 2, " " + cut(whole ? card.footer : card.short_footer, room - 2, charset) + " ",
                Ink::faint, right);
  }
  draw_sides(canvas, top, y, area, stroke, card.ink);
  return y + 1;
}

}  // namespace

void draw_heap(Canvas& canvas, const std::vector<HeapItem>& items, Area area, Drawn& drawn) {
  std::size_t y = area.y;
  for (const auto& item : items) {
    if (item.card) {
      y = draw_card(canvas, y, area, *item.card, drawn);
    } else {
      canvas.text(y++, area.x + 2, cut(item.words, area.width - 4, canvas.charset()), Ink::faint);
    }
  }
  drawn.end = std::max(drawn.end, y);
}

}  // namespace situ
