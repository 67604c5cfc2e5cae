// The order of the lanes is a linear ordering problem: what two nets cost depends only on which of them is
// nearer to the sources. With at most eight nets the best order is found exactly, over all subsets.
//
//   between              side
//   x ──┬─┼──▶│ #1       p ─╮
//   y ──╯ ╰──▶│ #2       q ─┼─╮     a net's line from an outer lane crosses the inner lanes
//   z ────╯              x◀─╯ │
#include "render/text_route.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace situ {
namespace {

constexpr std::size_t most_nets = 8;
constexpr std::uint32_t conflict = 10'000;

struct Span {
  std::size_t low, high;
  bool inside(std::size_t row) const { return low < row && row < high; }
};

Span span_of(const Net& net) {
  Span span{net.target, net.target};
  for (const auto row : net.sources) span = {std::min(span.low, row), std::max(span.high, row)};
  return span;
}

bool starts_at(const Net& net, std::size_t row) {
  return std::find(net.sources.begin(), net.sources.end(), row) != net.sources.end();
}

// Cost of `inner` having the lower lane.
std::uint32_t cost(const Net& inner, const Net& outer, Channel channel) {
  const Span in = span_of(inner), out = span_of(outer);
  std::uint32_t total = 0;
  for (const auto row : outer.sources) total += in.inside(row) ? 1 : 0;
  if (channel == Channel::between) {
    if (out.inside(inner.target)) ++total;
    if (starts_at(outer, inner.target)) total += conflict;
    return total;
  }
  if (in.inside(outer.target)) ++total;
  const bool shared = inner.target == outer.target || starts_at(outer, inner.target) ||
                      starts_at(inner, outer.target) ||
                      std::any_of(outer.sources.begin(), outer.sources.end(),
                                  [&](std::size_t row) { return starts_at(inner, row); });
  return shared ? total + conflict : total;
}

// Indexes of `chosen` in the order of their lanes; empty if two of them cannot stand together.
std::vector<std::size_t> best_order(const std::vector<Net>& nets, const std::vector<std::size_t>& chosen,
                                    Channel channel) {
  const std::size_t n = chosen.size();
  constexpr auto unreached = std::numeric_limits<std::uint32_t>::max();
  std::array<std::array<std::uint32_t, most_nets>, most_nets> pair{};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i != j) pair[i][j] = cost(nets[chosen[i]], nets[chosen[j]], channel);
    }
  }
  std::vector<std::uint32_t> best(std::size_t{1} << n, unreached);
  std::vector<std::size_t> last(best.size());
  best[0] = 0;
  for (std::size_t set = 0; set < best.size(); ++set) {
    for (std::size_t next = 0; next < n; ++next) {
      if (set >> next & 1) continue;
      std::uint32_t total = best[set];
      for (std::size_t before = 0; before < n; ++before) {
        if (set >> before & 1) total += pair[before][next];
      }
      const std::size_t with = set | std::size_t{1} << next;
      if (total >= best[with]) continue;
      best[with] = total;
      last[with] = next;
    }
  }
  if (best.back() >= conflict) return {};
  std::vector<std::size_t> order(n);
  for (std::size_t set = best.size() - 1, at = n; at > 0; set &= ~(std::size_t{1} << last[set])) {
    order[--at] = chosen[last[set]];
  }
  return order;
}

}  // namespace

std::vector<std::optional<std::size_t>> assign_lanes(const std::vector<Net>& nets, Channel channel,
                                                     std::size_t lanes) {
  std::vector<std::optional<std::size_t>> result(nets.size());
  std::vector<std::size_t> chosen(nets.size());
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](std::size_t a, std::size_t b) { return nets[a].priority < nets[b].priority; });
  chosen.resize(std::min({chosen.size(), lanes, most_nets}));
  std::vector<std::size_t> order;
  while (!chosen.empty() && (order = best_order(nets, chosen, channel)).empty()) chosen.pop_back();
  for (std::size_t lane = 0; lane < order.size(); ++lane) result[order[lane]] = lane;
  return result;
}

}  // namespace situ
