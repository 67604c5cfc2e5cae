#include "render/text_layout.h"

#include <algorithm>
#include <map>
#include <set>

#include "render/text_draw.h"
#include "render/text_route.h"

namespace situ {
namespace {

constexpr std::size_t two_zones = 80, heap_lanes_from = 100, three_zones = 118;
constexpr std::size_t widest_stack = 90, widest_heap = 60, widest_lanes = 18, most_side_lanes = 3;

std::size_t target_row(const DrawnCard& card) {
  return card.first_row;
}

// Groups the arrows of `rows` by where they end. A line has one stroke and one head: where a valid pointer
// ends, the dangling ones to the same place have their words only.
template <class Target>
std::vector<Net> nets_of(const std::vector<DrawnRow>& rows, Target target_of) {
  std::map<std::size_t, Net> nets;
  for (const auto& [y, row] : rows) {
    if (!row->arrow) continue;
    const auto target = target_of(*row->arrow);
    if (!target || *target == y) continue;
    Net& net = nets[*target];
    if (!net.sources.empty() && net.broken != row->arrow->broken) {
      if (row->arrow->broken) continue;
      net = {};
    }
    net.target = *target;
    net.ink = row->arrow->ink;
    net.broken = row->arrow->broken;
    net.sources.push_back(y);
    // What just changed, then the innermost frame, then the others.
    const int priority = row->sign == '*' || row->sign == '!' ? -1 : -static_cast<int>(y);
    net.priority = std::min(net.priority, row->sign == '*' || row->sign == '!' ? -100'000 : priority);
  }
  std::vector<Net> result;
  for (auto& [target, net] : nets) result.push_back(std::move(net));
  return result;
}

void draw_between(Canvas& canvas, const std::vector<Net>& nets, std::size_t left, std::size_t right) {
  // `left` is the stack's border, `right` the column before the blocks' border.
  const std::size_t room = right - left - 1;
  const auto lanes = assign_lanes(nets, Channel::between, room);
  const auto used = static_cast<std::size_t>(
      std::count_if(lanes.begin(), lanes.end(), [](const auto& lane) { return lane.has_value(); }));
  const std::size_t step = used * 2 <= room ? 2 : 1;
  for (std::size_t i = 0; i < nets.size(); ++i) {
    if (!lanes[i]) continue;
    const Net& net = nets[i];
    const Stroke stroke = net.broken ? Stroke::dashed : Stroke::light;
    const std::size_t x = left + 1 + *lanes[i] * step + (step == 2 ? 1 : 0);
    std::size_t low = net.target, high = net.target;
    for (const auto row : net.sources) {
      canvas.horizontal(row, left, x, stroke, net.ink);
      low = std::min(low, row);
      high = std::max(high, row);
    }
    if (low < high) canvas.vertical(x, low, high, stroke, net.ink);
    canvas.horizontal(net.target, x, right, stroke, net.ink);
    canvas.text(net.target, right,
                canvas.charset() == Charset::ascii ? (net.broken ? "X" : ">")
                : net.broken                       ? "×"
                                                   : "▶",
                net.ink);
  }
}

// Lines that leave and come back on one edge. `outward`: +1 to the right of `edge`, -1 to its left.
void draw_side(Canvas& canvas, const std::vector<Net>& nets, std::size_t edge, int outward,
               std::size_t room) {
  const auto lanes = assign_lanes(nets, Channel::side, room / 2);
  const auto column = [&](std::size_t distance) { return outward > 0 ? edge + distance : edge - distance; };
  const auto reach = [&](std::size_t row, std::size_t from, std::size_t to, Stroke stroke, Ink ink) {
    canvas.horizontal(row, std::min(from, to), std::max(from, to), stroke, ink);
  };
  for (std::size_t i = 0; i < nets.size(); ++i) {
    if (!lanes[i]) continue;
    const Net& net = nets[i];
    const Stroke stroke = net.broken ? Stroke::dashed : Stroke::light;
    const std::size_t x = column(2 + *lanes[i] * 2);
    std::size_t low = net.target, high = net.target;
    for (const auto row : net.sources) {
      reach(row, edge, x, stroke, net.ink);
      low = std::min(low, row);
      high = std::max(high, row);
    }
    canvas.vertical(x, low, high, stroke, net.ink);
    reach(net.target, column(1), x, stroke, net.ink);
    const bool ascii = canvas.charset() == Charset::ascii;
    const std::string_view head = net.broken    ? (ascii ? "X" : "×")
                                  : outward > 0 ? (ascii ? "<" : "◀")
                                                : (ascii ? ">" : "▶");
    canvas.text(net.target, column(1), head, net.ink);
  }
}

void draw_events(Canvas& canvas, const Scene& scene, std::size_t& y, Area area) {
  const auto events = scene.events();
  if (events.empty()) return;
  ++y;
  canvas.text(y, canvas.text(y, area.x, "EVENTS", Ink::strong) + 2, "by step", Ink::faint);
  ++y;
  for (const auto& event : events) {
    canvas.text(y++, area.x, cut(event, area.width, canvas.charset()), Ink::faint);
  }
}

// Drawn variables that arrows of drawn variables lead to.
std::size_t stack_targets(const std::vector<StackZone>& stacks) {
  std::set<VariableId> drawn, wanted;
  for (const auto& zone : stacks) {
    for (const auto& frame : zone.frames) {
      for (const auto& row : frame.rows) {
        if (row.variable) drawn.insert(*row.variable);
        if (row.arrow && row.arrow->variable) wanted.insert(*row.arrow->variable);
      }
    }
  }
  return static_cast<std::size_t>(
      std::count_if(wanted.begin(), wanted.end(), [&](VariableId id) { return drawn.count(id) != 0; }));
}

}  // namespace

Zones zones_of(std::size_t width) {
  Zones zones;
  if (width < two_zones) {
    zones.stack = std::min(width, widest_stack);
    zones.heap = std::min(width, widest_heap);
    return zones;
  }
  zones.lanes = std::clamp<std::size_t>(width / 9, 8, widest_lanes);
  zones.heap_lanes = width >= three_zones ? 6 : width >= heap_lanes_from ? 4 : 0;
  zones.heap = std::clamp<std::size_t>(width * (width >= three_zones ? 37 : 33) / 100, 26, widest_heap);
  zones.stack = std::min(width - zones.lanes - zones.heap, widest_stack);
  return zones;
}

std::size_t draw_scene(Canvas& canvas, const Scene& scene, std::size_t top) {
  // A program that never allocates leaves the whole width to the stack.
  const auto& blocks_ever = scene.recording().blocks;
  const bool heap_ever =
      !scene.moment().blocks.empty() || !scene.moment().statics.empty() ||
      std::any_of(blocks_ever.begin(), blocks_ever.end(), [](const Block& block) { return block.user; });
  Zones zones = zones_of(canvas.width());
  if (!heap_ever) zones.stack = std::min(canvas.width(), widest_stack);
  const auto stacks = scene.stacks();
  const auto items = scene.heap();
  const bool beside = zones.lanes > 0;
  const std::size_t margin = beside ? 2 * std::min(stack_targets(stacks), most_side_lanes) : 0;

  Drawn drawn;
  drawn.end = top;
  Area area{margin, top, zones.stack - margin};
  for (const auto& zone : stacks) {
    if (!zone.compact) {
      std::size_t x =
          canvas.text(area.y, area.x + 1, cut(zone.title, area.width - 2, canvas.charset()), Ink::strong);
      if (!zone.subtitle.empty()) canvas.text(area.y, x + 2, zone.subtitle, Ink::faint);
      ++area.y;
    }
    draw_stack(canvas, zone, area, drawn);
    area.y = drawn.end;
  }
  if (margin > 0) {
    draw_side(canvas,
              nets_of(drawn.stack,
                      [&](const ArrowTo& to) -> std::optional<std::size_t> {
                        for (const auto& [y, row] : drawn.stack) {
                          if (to.variable && row->variable == to.variable) return y;
                        }
                        return std::nullopt;
                      }),
              area.x, -1, margin);
  }
  if (items.empty()) return drawn.end;

  Area heap{beside ? zones.stack + zones.lanes : 0, beside ? top : drawn.end + 1,
            zones.heap - zones.heap_lanes};
  canvas.text(heap.y, heap.x + 1, scene.moment().blocks.empty() ? "STATICS" : "HEAP", Ink::strong);
  std::size_t first = heap.y + 1;
  if (!items.front().card) {
    canvas.text(heap.y, heap.x + 7, cut(items.front().words, heap.width - 7, canvas.charset()), Ink::faint);
  }
  const std::vector<HeapItem> rest(items.begin() + (items.front().card ? 0 : 1), items.end());
  Drawn blocks;
  draw_heap(canvas, rest, {heap.x, first, heap.width}, blocks);

  if (beside) {
    const auto row_of = [&](const ArrowTo& to, bool to_edge) -> std::optional<std::size_t> {
      for (const auto& card : blocks.cards) {
        if (to.block && card.card->id == to.block) return to_edge ? card.top : target_row(card);
      }
      for (const auto& [y, row] : blocks.heap) {
        if (to.variable && row->variable == to.variable) return y;
      }
      return std::nullopt;
    };
    draw_between(canvas, nets_of(drawn.stack, [&](const ArrowTo& to) { return row_of(to, false); }),
                 zones.stack - 1, heap.x - 1);
    if (zones.heap_lanes > 0) {
      draw_side(canvas, nets_of(blocks.heap, [&](const ArrowTo& to) { return row_of(to, true); }),
                heap.x + heap.width - 1, 1, zones.heap_lanes);
    }
  }
  std::size_t end = blocks.end;
  if (canvas.width() >= three_zones)
    draw_events(canvas, scene, end, {heap.x + 1, 0, heap.width + zones.heap_lanes - 1});
  return std::max(drawn.end, end);
}

}  // namespace situ
