#include "model/memory_history.h"

#include <algorithm>
#include <bit>

namespace situ {
namespace {

Address line_of(Address a) {
  return {a.value & ~(memory_line_size - 1)};
}

// Bits [first, first + count) of a line's known mask.
std::uint64_t mask_of(std::size_t first, std::size_t count) {
  return (count == 64 ? ~std::uint64_t{0} : ((std::uint64_t{1} << count) - 1)) << first;
}

// Calls `part(line, offset in line, offset in range, count)` for each line that [from, from+size) touches,
// until one returns false.
template <class Part>
void for_each_line(Address from, std::uint64_t size, Part part) {
  for (std::uint64_t done = 0; done < size;) {
    const Address line = line_of(from + done);
    const auto offset = static_cast<std::size_t>((from + done) - line);
    const std::size_t count = std::min<std::uint64_t>(memory_line_size - offset, size - done);
    if (!part(line, offset, done, count)) return;
    done += count;
  }
}

const LineVersion* version_at(const std::vector<LineVersion>& versions, StepIndex step) {
  const auto after = std::ranges::upper_bound(versions, step, {}, &LineVersion::born);
  return after == versions.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

void MemoryHistory::write(StepIndex step, Address from, std::span<const std::byte> bytes) {
  for_each_line(from, bytes.size(),
                [&](Address line, std::size_t offset, std::uint64_t done, std::size_t count) {
                  std::vector<LineVersion>& versions = lines_[line];
                  const auto part = bytes.subspan(done, count);
                  const std::uint64_t mask = mask_of(offset, count);
                  if (!versions.empty()) {
                    LineVersion& last = versions.back();
                    if ((last.known & mask) == mask &&
                        std::ranges::equal(part, std::span(last.bytes).subspan(offset, count))) {
                      last.seen = step;
                      return true;
                    }
                    if (last.born < step) {
                      LineVersion next = last;
                      next.born = step;
                      versions.push_back(next);
                    }
                  } else {
                    versions.push_back({.born = step});
                  }
                  LineVersion& current = versions.back();
                  std::ranges::copy(part, current.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
                  current.known |= mask;
                  current.seen = step;
                  return true;
                });
}

std::size_t MemoryHistory::read(StepIndex step, Address from, std::span<std::byte> into) const {
  std::size_t filled = 0;
  for_each_line(
      from, into.size(), [&](Address line, std::size_t offset, std::uint64_t done, std::size_t count) {
        const auto found = lines_.find(line);
        const LineVersion* version = found == lines_.end() ? nullptr : version_at(found->second, step);
        if (!version) return false;
        const auto known =
            std::min<std::size_t>(count, static_cast<std::size_t>(std::countr_one(version->known >> offset)));
        std::copy_n(version->bytes.begin() + static_cast<std::ptrdiff_t>(offset), known,
                    into.begin() + static_cast<std::ptrdiff_t>(done));
        filled += known;
        return known == count;
      });
  return filled;
}

std::optional<StepIndex> MemoryHistory::seen(StepIndex step, Address from, std::uint64_t size) const {
  std::optional<StepIndex> oldest;
  bool complete = true;
  for_each_line(from, size, [&](Address line, std::size_t offset, std::uint64_t, std::size_t count) {
    const auto found = lines_.find(line);
    const LineVersion* version = found == lines_.end() ? nullptr : version_at(found->second, step);
    complete = version && (version->known & mask_of(offset, count)) == mask_of(offset, count);
    if (!complete) return false;
    const StepIndex seen = std::min(version->seen, step);
    oldest = oldest ? std::min(*oldest, seen) : seen;
    return true;
  });
  return complete ? oldest : std::nullopt;
}

std::optional<StepIndex> MemoryHistory::last_written(StepIndex step, Address from, std::uint64_t size) const {
  std::optional<StepIndex> newest;
  for_each_line(from, size, [&](Address line, std::size_t offset, std::uint64_t, std::size_t count) {
    const auto found = lines_.find(line);
    if (found == lines_.end()) return true;
    const std::vector<LineVersion>& versions = found->second;
    for (const LineVersion* v = version_at(versions, step); v;) {
      const LineVersion* before = v == versions.data() ? nullptr : v - 1;
      const auto part = std::span(v->bytes).subspan(offset, count);
      if (!before || !std::ranges::equal(part, std::span(before->bytes).subspan(offset, count))) {
        newest = newest ? std::max(*newest, v->born) : v->born;
        break;
      }
      v = before;
    }
    return true;
  });
  return newest;
}

}  // namespace situ
