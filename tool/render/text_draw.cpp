#include "render/text_draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "render/text_names.h"

namespace situ {
namespace {

constexpr std::size_t widest_name = 18, widest_type = 24, narrowest_value = 12, narrowest_type = 4,
                      widest_tag = 26;
constexpr std::size_t shortest_names = 10, widest_text = 16, kept_type = 8;

struct Columns {
  std::size_t where = 0, name = 0, value = 0, type = 0, size = 0;
};

std::string size_text(const Row& row) {
  return row.size ? bytes_text(*row.size) : std::string();
}

// `room`: between the borders and their blanks.
Columns measure(const std::vector<FrameCard>& frames, std::size_t room) {
  Columns columns;
  std::size_t tag = 0, both = 0;
  for (const auto& frame : frames) {
    if (frame.size) columns.size = std::max(columns.size, display_width(bytes_text(*frame.size)));
    for (const auto& row : frame.rows) {
      columns.where = std::max(columns.where, display_width(row.where));
      columns.name = std::max(columns.name, display_width(row.name));
      columns.type = std::max(columns.type, display_width(row.type));
      columns.size = std::max(columns.size, display_width(size_text(row)));
      const std::size_t width = display_width(row.tag);
      tag = std::max(tag, width);
      both = std::max(both, std::min(display_width(row.text), widest_text) + (width > 0 ? width + 1 : 0));
    }
  }
  columns.name = std::min({columns.name, widest_name, room / 4});
  columns.type = std::min(columns.type, widest_type);
  const std::size_t natural_type = columns.type;
  const auto taken = [&] {
    return (columns.where > 0 ? columns.where + 1 : 0) + (columns.name > 0 ? columns.name + 1 : 0) + 2 +
           (columns.type > 0 ? columns.type + 2 : 0) + (columns.size > 0 ? columns.size + 1 : 0);
  };
  const std::size_t wanted = std::max(narrowest_value, std::min(tag, widest_tag));
  // Types give way: to a text beside its tag down to 8 columns, to a tag altogether.
  while (columns.type > kept_type && taken() + std::min(both, widest_tag) > room) --columns.type;
  while (columns.type > 0 && taken() + wanted > room) --columns.type;
  if (columns.type < std::min(natural_type, narrowest_type)) columns.type = 0;
  while (columns.where > 0 && taken() + narrowest_value > room) columns.where = 0;
  while (columns.size > 0 && taken() + narrowest_value > room) columns.size = 0;
  columns.value = room > taken() ? room - taken() : 0;
  return columns;
}

void draw_row(Canvas& canvas, std::size_t y, std::size_t x, const Columns& columns, const Row& row) {
  const Charset charset = canvas.charset();
  if (columns.where > 0) {
    const auto where = cut(row.where, columns.where, charset);
    canvas.text(y, x + columns.where - display_width(where), where, Ink::faint);
    x += columns.where + 1;
  }
  if (columns.name > 0) {
    canvas.text(y, x, cut(row.name, columns.name, charset), row.dim ? Ink::faint : Ink::plain);
    x += columns.name + 1;
  }
  if (row.sign != ' ') canvas.text(y, x, std::string(1, row.sign), sign_ink(row.sign, row.dim));
  x += 2;
  const std::size_t spare = row.type.empty() && columns.type > 0 ? columns.type + 2 : 0;
  draw_value(canvas, y, x, columns.value + spare, row);
  x += columns.value;
  if (columns.type > 0) {
    canvas.text(y, x + 2, cut(row.type, columns.type, charset), Ink::faint);
    x += columns.type + 2;
  }
  if (columns.size > 0) {
    const std::string size = size_text(row);
    canvas.text(y, x + 1 + columns.size - display_width(size), size, Ink::faint);
  }
}

void draw_header(Canvas& canvas, std::size_t y, Area area, const FrameCard& frame) {
  const Charset charset = canvas.charset();
  const std::size_t left = area.x, right = area.x + area.width - 1;
  const bool soft = frame.folded || frame.ghost;
  canvas.horizontal(y, left, right, soft ? Stroke::dashed : Stroke::light, Ink::faint);
  std::size_t end = right;
  if (frame.size) {
    const std::string size = " " + bytes_text(*frame.size) + " ";
    end = right - std::min(display_width(size), area.width - 4);
    canvas.text(y, end, size, soft ? Ink::faint : Ink::strong, right);
  }
  const std::string cfa = frame.cfa.empty() ? "" : " CFA " + frame.cfa + " ";
  const std::size_t start = left + 2;
  const std::string state = frame.ghost ? " ~ popped" : "";
  std::size_t name_room = end > start + 3 ? end - start - 3 : 0;
  // The CFA stays as long as the name keeps 12 columns.
  if (!cfa.empty() && name_room >= display_width(cfa) + 13 + display_width(state)) {
    name_room -= display_width(cfa) + 1;
    canvas.text(y, end - 1 - display_width(cfa), cfa, Ink::faint);
  }
  name_room = std::max<std::size_t>(name_room, display_width(state) + 5) - display_width(state);
  const bool whole = display_width(frame.title) <= name_room;
  const std::string name = cut(whole ? frame.title : short_function(frame.title), name_room, charset);
  std::size_t x = canvas.text(y, start, " " + name, soft ? Ink::faint : Ink::strong, end);
  x = canvas.text(y, x, state, Ink::faint, end);
  // Where the frame stands, if whole; the names of folded frames as far as there is room.
  const std::size_t left_over = name_room > display_width(name) + 4 ? name_room - display_width(name) - 4 : 0;
  const bool fits =
      display_width(frame.position) <= left_over || (frame.folded && left_over >= shortest_names);
  if (!frame.position.empty() && !frame.ghost && fits) {
    x = canvas.text(y, x, "  " + cut(frame.position, left_over, charset), Ink::faint, end);
  }
  canvas.text(y, x, " ", Ink::plain, end);
}

}  // namespace

Ink sign_ink(char sign, bool dim) {
  if (sign == '!') return Ink::danger;
  if (sign == '*') return Ink::changed;
  return dim || sign == '?' || sign == 'x' || sign == '~' ? Ink::faint : Ink::plain;
}

void draw_value(Canvas& canvas, std::size_t y, std::size_t x, std::size_t room, const Row& row) {
  const Charset charset = canvas.charset();
  const std::size_t end = x + room;
  const std::size_t tag = display_width(row.tag);
  const std::string_view becomes = charset == Charset::ascii ? " -> " : " → ";
  const std::size_t text_room = tag == 0 ? room : room > tag + 1 ? room - tag - 1 : 0;
  const std::size_t old = row.before.empty() ? 0 : display_width(row.before) + display_width(becomes);
  if (old > 0 && old + display_width(row.text) <= text_room) {
    x = canvas.text(y, x, row.before, Ink::faint, end);
    x = canvas.text(y, x, becomes, Ink::faint, end);
    x = canvas.text(y, x, row.text, row.ink, end);
  } else if (!row.text.empty() && text_room > 0) {
    x = canvas.text(y, x, cut(row.text, text_room, charset), row.dim ? Ink::faint : row.ink, end);
  }
  if (tag > 0) {
    if (!row.text.empty() && x < end && x + room > end) ++x;
    x = canvas.text(y, x, cut(row.tag, end > x ? end - x : 0, charset), row.tag_ink, end);
  }
  for (const auto& note : {row.note, row.short_note}) {
    if (note.empty() || x + 2 + display_width(note) > end) continue;
    canvas.text(y, x + 2, note, Ink::faint, end);
    break;
  }
}

void draw_sides(Canvas& canvas, std::size_t from, std::size_t to, Area area, Stroke stroke, Ink ink) {
  if (to <= from) return;
  canvas.vertical(area.x, from, to, stroke, ink);
  canvas.vertical(area.x + area.width - 1, from, to, stroke, ink);
}

void draw_stack(Canvas& canvas, const StackZone& zone, Area area, Drawn& drawn) {
  const Columns columns = measure(zone.frames, area.width - 4);
  std::size_t y = area.y;
  std::size_t side_from = y;
  bool below = false;
  const auto cross_sp = [&] {
    canvas.grow(y + 1);
    draw_sides(canvas, side_from, y, area, Stroke::light, Ink::faint);
    canvas.horizontal(y, area.x, area.x + area.width - 1, Stroke::heavy, Ink::plain);
    canvas.text(y, area.x + 2, " SP " + zone.sp + " ", Ink::strong);
    side_from = y++;
    below = true;
  };
  const auto draw_rows = [&](const FrameCard& frame, bool low) {
    for (const auto& row : frame.rows) {
      if (row.below_sp != low) continue;
      draw_row(canvas, y, area.x + 2, columns, row);
      drawn.stack.push_back({y++, &row});
    }
  };
  if (zone.compact) canvas.horizontal(y++, area.x, area.x + area.width - 1, Stroke::dashed, Ink::faint);
  for (const auto& frame : zone.frames) {
    if (frame.ghost && !below) cross_sp();
    if (!zone.compact) draw_header(canvas, y++, area, frame);
    draw_rows(frame, frame.ghost);
    if (!frame.innermost || frame.ghost) continue;
    cross_sp();
    draw_rows(frame, true);
  }
  if (zone.compact) {
    canvas.horizontal(y, area.x, area.x + area.width - 1, Stroke::dashed, Ink::faint);
    canvas.text(area.y, area.x + 2, cut(" " + zone.title + " ", area.width - 4, canvas.charset()),
                Ink::strong);
    const std::string sp = zone.subtitle.empty() ? " SP " + zone.sp + " " : " " + zone.subtitle + " ";
    if (display_width(zone.title) + display_width(sp) + 8 < area.width) {
      canvas.text(area.y, area.x + area.width - 2 - display_width(sp), sp, Ink::faint);
    }
    draw_sides(canvas, area.y, y, area, Stroke::dashed, Ink::faint);
    drawn.end = std::max(drawn.end, y + 1);
    return;
  }
  if (!below) cross_sp();
  // Below the stack pointer the sides are dashed: that memory is nobody's, red zone or ghost.
  if (side_from + 1 < y) {
    canvas.horizontal(y, area.x, area.x + area.width - 1, Stroke::dashed, Ink::faint);
    draw_sides(canvas, side_from, y, area, Stroke::dashed, Ink::faint);
    ++y;
  }
  drawn.end = std::max(drawn.end, y);
}

}  // namespace situ
