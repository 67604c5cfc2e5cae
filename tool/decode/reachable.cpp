#include "decode/reachable.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <unordered_set>

#include "decode/slots.h"
#include "decode/timeline.h"

namespace situ {
namespace {

class Search {
 public:
  explicit Search(const Recording& recording)
      : recording_(recording), last_(static_cast<StepIndex>(recording.steps.size() - 1)) {
    for (std::uint32_t i = 0; i < recording.blocks.size(); ++i) {
      if (!recording.blocks[i].life.died) live_[recording.blocks[i].address] = BlockId{i};
    }
    find_stacks();
  }

  std::vector<Unreachable> run() {
    std::vector<BlockId> next;
    recording_.memory.for_each_line([&](Address line, std::span<const LineVersion> versions) {
      if (versions.empty()) return;
      each_word(line, versions.back(), [&](Address at, Address word) {
        if (is_root(at)) reach(word, next);
      });
    });
    follow(next);
    std::vector<Unreachable> lost;
    for (std::uint32_t i = 0; i < recording_.blocks.size(); ++i) {
      const BlockId id{i};
      if (!recording_.at(id).life.died && !reached_.contains(id)) lost.push_back({id, true});
    }
    mark_indirect(lost);
    return lost;
  }

 private:
  // From where each stack was in use before the last user frame on it ended: what was called later, to end
  // the program, lies over the words its frames left.
  void find_stacks() {
    std::map<RegionId, StepIndex> last_user;
    for (const Frame& frame : recording_.frames) {
      if (!frame.user || !frame.stack) continue;
      StepIndex& last = last_user[*frame.stack];
      last = std::max(last, frame.life.died.value_or(last_));
    }
    for (const Frame& frame : recording_.frames) {
      if (frame.inlined || !frame.stack || !frame.life.alive_at(last_)) continue;
      const auto last = last_user.find(*frame.stack);
      if (last != last_user.end() && frame.life.born >= last->second && !frame.user) continue;
      const Address low = frame.cfa - frame_shape(frame, last_).size;
      const auto [known, added] = stacks_.try_emplace(*frame.stack, low);
      if (!added) known->second = std::min(known->second, low);
    }
  }

  bool is_root(Address at) const {
    if (block_at(at)) return false;
    const Region* around = nullptr;
    std::uint32_t index = 0;
    for (std::uint32_t i = 0; i < recording_.regions.size(); ++i) {
      const Region& region = recording_.regions[i];
      if (!region.range.contains(at) || !region.life.alive_at(last_)) continue;
      if (!around || region.range.size() < around->range.size()) {
        around = &region;
        index = i;
      }
    }
    if (!around) return false;
    switch (around->kind) {
      case RegionKind::static_data:
      case RegionKind::mapped:
      case RegionKind::read_only:
        return true;
      case RegionKind::stack:
      case RegionKind::alternate_stack: {
        const auto low = stacks_.find(RegionId{index});
        return low != stacks_.end() && at >= low->second;
      }
      default:
        return false;
    }
  }

  std::optional<BlockId> block_at(Address at) const {
    const auto after = live_.upper_bound(at);
    if (after == live_.begin()) return std::nullopt;
    const BlockId id = std::prev(after)->second;
    const BlockSize* size = size_at(recording_.at(id), last_);
    const std::uint64_t bytes = size ? std::max<std::uint64_t>(size->requested, 1) : 1;
    const auto offset = static_cast<std::uint64_t>(at - recording_.at(id).address);
    return offset < bytes ? std::optional(id) : std::nullopt;
  }

  template <class Visit>
  static void each_word(Address line, const LineVersion& version, Visit visit) {
    for (std::size_t i = 0; i + 8 <= memory_line_size; i += 8) {
      if (((version.known >> i) & 0xff) != 0xff) continue;
      std::uint64_t word = 0;
      std::memcpy(&word, version.bytes.data() + i, sizeof word);
      visit(line + i, Address{word});
    }
  }

  void reach(Address word, std::vector<BlockId>& next) {
    const auto block = block_at(word);
    if (block && reached_.insert(*block).second) next.push_back(*block);
  }

  template <class Visit>
  void words_in(BlockId id, Visit visit) const {
    const Block& block = recording_.at(id);
    const BlockSize* size = size_at(block, last_);
    const std::uint64_t bytes = size ? size->requested : 0;
    for (std::uint64_t at = 0; at + 8 <= bytes; at += 8) {
      std::array<std::byte, 8> raw{};
      if (recording_.memory.read(last_, block.address + at, raw) != raw.size()) continue;
      std::uint64_t word = 0;
      std::memcpy(&word, raw.data(), sizeof word);
      visit(Address{word});
    }
  }

  void follow(std::vector<BlockId>& next) {
    while (!next.empty()) {
      const BlockId id = next.back();
      next.pop_back();
      words_in(id, [&](Address word) { reach(word, next); });
    }
  }

  // What another lost block leads to is lost with it; of a ring one is taken for the first.
  void mark_indirect(std::vector<Unreachable>& lost) {
    std::unordered_set<BlockId> led_to;
    for (const Unreachable& one : lost) {
      words_in(one.block, [&](Address word) {
        const auto block = block_at(word);
        if (block && *block != one.block) led_to.insert(*block);
      });
    }
    const auto take = [&](BlockId from) {
      std::vector<BlockId> next{from};
      reached_.insert(from);
      follow(next);
    };
    for (const Unreachable& one : lost) {
      if (!led_to.contains(one.block)) take(one.block);
    }
    for (Unreachable& one : lost) {
      one.direct = !led_to.contains(one.block);
      if (!one.direct && !reached_.contains(one.block)) {
        one.direct = true;
        take(one.block);
      }
    }
  }

  const Recording& recording_;
  StepIndex last_;
  std::map<Address, BlockId> live_;
  std::map<RegionId, Address> stacks_;
  std::unordered_set<BlockId> reached_;
};

}  // namespace

std::vector<Unreachable> unreachable_blocks(const Recording& recording) {
  if (recording.steps.empty() || !recording.program.exit) return {};
  return Search(recording).run();
}

}  // namespace situ
