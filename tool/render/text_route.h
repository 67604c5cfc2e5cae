// Which lane each drawn arrow takes, so that lines cross as little as possible and never run on top of each
// other. Arrows to one place share a line.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "render/color.h"

namespace situ {

struct Net {
  std::size_t target = 0;            // row
  std::vector<std::size_t> sources;  // rows
  Ink ink = Ink::plain;
  bool broken = false;
  int priority = 0;  // lower: kept when there is no room for all
};

// between: sources on the left edge of the channel, targets on the right; lane 0 is leftmost.
// side: both on one edge; lane 0 is nearest to it.
enum class Channel { between, side };

// At most `lanes` nets (and 8) get a lane, each its own; the others none.
std::vector<std::optional<std::size_t>> assign_lanes(const std::vector<Net>& nets, Channel channel,
                                                     std::size_t lanes);

}  // namespace situ
