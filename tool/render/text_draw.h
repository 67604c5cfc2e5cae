// Boxes and their rows on a canvas; where each row came to stand, for the arrows.
#pragma once

#include <vector>

#include "render/canvas.h"
#include "render/text_scene.h"

namespace situ {

// A row that an arrow starts from, as drawn.
struct DrawnRow {
  std::size_t y = 0;
  const Row* row = nullptr;
};
struct DrawnCard {
  std::size_t top = 0, first_row = 0;
  const BlockCard* card = nullptr;
};
struct Drawn {
  std::vector<DrawnRow> stack, heap;
  std::vector<DrawnCard> cards;
  std::size_t end = 0;  // the row after the last
};

// Where a zone lies.
struct Area {
  std::size_t x = 0, y = 0, width = 0;
};

void draw_stack(Canvas& canvas, const StackZone& zone, Area area, Drawn& drawn);
void draw_heap(Canvas& canvas, const std::vector<HeapItem>& items, Area area, Drawn& drawn);

// Shared by both zones. Text, tag and note in `room` columns: the note goes first, then the text is cut, at
// last the tag.
void draw_value(Canvas& canvas, std::size_t y, std::size_t x, std::size_t room, const Row& row);
void draw_sides(Canvas& canvas, std::size_t from, std::size_t to, Area area, Stroke stroke, Ink ink);
Ink sign_ink(char sign, bool dim);

}  // namespace situ
