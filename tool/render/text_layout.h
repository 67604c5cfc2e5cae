// Places a scene on a canvas: zones, columns, boxes, and the arrows between them.
#pragma once

#include "render/canvas.h"
#include "render/text_scene.h"

namespace situ {

// Columns of the zones for a terminal width; they depend on nothing else, so that pictures of one run do not
// jump. `lanes` 0: stacked.
struct Zones {
  std::size_t stack = 0, lanes = 0, heap = 0, heap_lanes = 0;
};
Zones zones_of(std::size_t width);

// Draws from row `top` down; returns the row after the last.
std::size_t draw_scene(Canvas& canvas, const Scene& scene, std::size_t top);

}  // namespace situ
