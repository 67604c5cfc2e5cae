// Nearly every write finds what it found before: a stop reads the whole live stack, and one line of code
// changes a few words of it. So the newest version of 16 neighbouring lines lies in one piece, a chunk, and
// one comparison tells that none of them changed. A version that is replaced leaves behind only what the
// newer one lacks, the 8-byte words in which they differ:
//
//   Older{born 3, changed 00000010}    Older{born 5, changed 00100001}    chunk: newest, born 9
//   words: [1]=7                       words: [0]=1 [5]=0                 all 64 bytes
//
// A version is read from the newer side. Every 16th older version keeps all its words, which bounds that.
#include "model/memory_history.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace situ {
namespace {

constexpr std::size_t whole_every = 16;
constexpr std::size_t words_in_line = memory_line_size / 8;
constexpr std::uint64_t all_known = ~std::uint64_t{0};

Address line_of(Address a) {
  return {a.value & ~(memory_line_size - 1)};
}

// Bits [first, first + count) of a line's known mask.
std::uint64_t mask_of(std::size_t first, std::size_t count) {
  return (count == 64 ? all_known : ((std::uint64_t{1} << count) - 1)) << first;
}

// Calls `part(start of the piece, offset in it, offset in the range, count)` for each piece of `piece_size`
// bytes that [from, from+size) touches, until one returns false.
template <class Part>
void for_each_piece(std::uint64_t piece_size, Address from, std::uint64_t size, Part part) {
  for (std::uint64_t done = 0; done < size;) {
    const Address at = from + done;
    const Address piece{at.value & ~(piece_size - 1)};
    const auto offset = static_cast<std::size_t>(at - piece);
    const std::size_t count = std::min<std::uint64_t>(piece_size - offset, size - done);
    if (!part(piece, offset, done, count)) return;
    done += count;
  }
}

std::uint64_t word_of(const LineVersion& version, std::size_t i) {
  std::uint64_t word = 0;
  std::memcpy(&word, version.bytes.data() + 8 * i, sizeof word);
  return word;
}

bool same_bytes(const LineVersion& a, const LineVersion& b, std::size_t offset, std::size_t count) {
  return std::memcmp(a.bytes.data() + offset, b.bytes.data() + offset, count) == 0;
}

}  // namespace

MemoryHistory::Chunk& MemoryHistory::chunk_at(std::uint64_t number) {
  Recent& recent = recent_[number % recent_.size()];
  if (recent.number != number) {
    const auto [entry, fresh] = index_.try_emplace(number, static_cast<std::uint32_t>(chunks_.size()));
    if (fresh) chunks_.emplace_back().older.fill(none);
    recent = {number, entry->second};
  }
  return chunks_[recent.chunk];
}

const MemoryHistory::Chunk* MemoryHistory::find_chunk(std::uint64_t number) const {
  const auto found = index_.find(number);
  return found == index_.end() ? nullptr : &chunks_[found->second];
}

std::optional<MemoryHistory::Line> MemoryHistory::find_line(Address line) const {
  const Chunk* chunk = find_chunk(line.value / chunk_size);
  const std::size_t index = line.value % chunk_size / memory_line_size;
  if (!chunk || !(chunk->written >> index & 1U)) return std::nullopt;
  return Line{chunk, index};
}

void MemoryHistory::write(StepIndex step, Address from, std::span<const std::byte> bytes) {
  for_each_piece(
      chunk_size, from, bytes.size(),
      [&](Address at, std::size_t offset, std::uint64_t done, std::size_t count) {
        Chunk& chunk = chunk_at(at.value / chunk_size);
        const auto part = bytes.subspan(done, count);
        const std::size_t first = offset / memory_line_size;
        const std::size_t last = (offset + count - 1) / memory_line_size;
        const auto touched = mask_of(first, last - first + 1);
        if ((chunk.complete & touched) == touched &&
            std::memcmp(chunk.bytes.data() + offset, part.data(), count) == 0) {
          std::fill_n(chunk.seen.begin() + static_cast<std::ptrdiff_t>(first), last - first + 1, step);
          return true;
        }
        for_each_piece(memory_line_size, at + offset, count,
                       [&](Address line, std::size_t in_line, std::uint64_t in_part, std::size_t size) {
                         write_line(step, chunk, static_cast<std::size_t>(line - at) / memory_line_size,
                                    in_line, part.subspan(in_part, size));
                         return true;
                       });
        return true;
      });
}

void MemoryHistory::write_line(StepIndex step, Chunk& chunk, std::size_t index, std::size_t offset,
                               std::span<const std::byte> bytes) {
  const std::uint64_t mask = mask_of(offset, bytes.size());
  std::byte* const kept = chunk.bytes.data() + index * memory_line_size + offset;
  const auto bit = static_cast<std::uint16_t>(1U << index);
  const bool fresh = (chunk.written & bit) == 0;
  if (!fresh && (chunk.known[index] & mask) == mask && std::memcmp(kept, bytes.data(), bytes.size()) == 0) {
    chunk.seen[index] = step;
    return;
  }
  std::optional<LineVersion> before;
  if (fresh) {
    ++line_count_;
    chunk.written |= bit;
    chunk.born[index] = step;
  } else if (chunk.born[index] < step) {
    before = newest({&chunk, index});
    chunk.born[index] = step;
  } else if (const std::size_t count = older_count({&chunk, index}); count != 0) {
    // Written a second time at this step: what the version before keeps has to fit the new bytes.
    OlderVersions& older = older_[chunk.older[index]];
    before = version({&chunk, index}, count - 1);
    older.words.resize(older.versions.back().words);
    older.versions.pop_back();
  }
  std::memcpy(kept, bytes.data(), bytes.size());
  chunk.known[index] |= mask;
  chunk.seen[index] = step;
  if (chunk.known[index] == all_known) chunk.complete |= bit;
  if (before) keep_older(*before, chunk, index);
}

// Puts `before` in front of the newest version.
void MemoryHistory::keep_older(const LineVersion& before, Chunk& chunk, std::size_t index) {
  if (chunk.older[index] == none) {
    chunk.older[index] = static_cast<std::uint32_t>(older_.size());
    older_.emplace_back();
  }
  OlderVersions& older = older_[chunk.older[index]];
  const bool whole = older.versions.size() % whole_every == whole_every - 1;
  const LineVersion now = newest({&chunk, index});
  Older kept{before.born, before.seen, static_cast<std::uint32_t>(older.words.size()), 0,
             whole || before.known != now.known};
  for (std::size_t i = 0; i < words_in_line; ++i) {
    if (!whole && word_of(before, i) == word_of(now, i)) continue;
    kept.changed |= static_cast<std::uint8_t>(1U << i);
    older.words.push_back(word_of(before, i));
  }
  if (kept.known_changed) older.words.push_back(before.known);
  older.versions.push_back(kept);
}

LineVersion MemoryHistory::newest(Line line) {
  LineVersion version{
      line.chunk->born[line.index], line.chunk->seen[line.index], line.chunk->known[line.index], {}};
  std::memcpy(version.bytes.data(), line.chunk->bytes.data() + line.index * memory_line_size,
              memory_line_size);
  return version;
}

std::size_t MemoryHistory::older_count(Line line) const {
  const std::uint32_t older = line.chunk->older[line.index];
  return older == none ? 0 : older_[older].versions.size();
}

// Turns the version after `index` into version `index`.
void MemoryHistory::step_back(const OlderVersions& older, std::size_t index, LineVersion& version) {
  const Older& kept = older.versions[index];
  const std::uint64_t* word = older.words.data() + kept.words;
  for (std::size_t i = 0; i < words_in_line; ++i)
    if (kept.changed >> i & 1U) std::memcpy(version.bytes.data() + 8 * i, word++, sizeof *word);
  if (kept.known_changed) version.known = *word;
  version.born = kept.born;
  version.seen = kept.seen;
}

LineVersion MemoryHistory::version(Line line, std::size_t index) const {
  LineVersion version = newest(line);
  const std::size_t count = older_count(line);
  if (index == count) return version;
  const OlderVersions& older = older_[line.chunk->older[line.index]];
  const std::size_t whole = index - index % whole_every + whole_every - 1;
  for (std::size_t i = whole < count ? whole + 1 : count; i-- > index;) step_back(older, i, version);
  return version;
}

std::size_t MemoryHistory::versions_until(Line line, StepIndex step) const {
  const std::size_t count = older_count(line);
  if (line.chunk->born[line.index] <= step) return count + 1;
  if (count == 0) return 0;
  const std::vector<Older>& older = older_[line.chunk->older[line.index]].versions;
  return static_cast<std::size_t>(std::ranges::upper_bound(older, step, {}, &Older::born) - older.begin());
}

std::optional<LineVersion> MemoryHistory::version_at(Address line, StepIndex step) const {
  const auto found = find_line(line);
  const std::size_t count = found ? versions_until(*found, step) : 0;
  return count == 0 ? std::nullopt : std::optional(version(*found, count - 1));
}

std::size_t MemoryHistory::read(StepIndex step, Address from, std::span<std::byte> into) const {
  std::size_t filled = 0;
  for_each_piece(memory_line_size, from, into.size(),
                 [&](Address line, std::size_t offset, std::uint64_t done, std::size_t count) {
                   const auto version = version_at(line, step);
                   if (!version) return false;
                   const auto known = std::min<std::size_t>(
                       count, static_cast<std::size_t>(std::countr_one(version->known >> offset)));
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
  for_each_piece(memory_line_size, from, size,
                 [&](Address line, std::size_t offset, std::uint64_t, std::size_t count) {
                   const auto version = version_at(line, step);
                   complete = version && (version->known & mask_of(offset, count)) == mask_of(offset, count);
                   if (!complete) return false;
                   const StepIndex seen = std::min(version->seen, step);
                   oldest = oldest ? std::min(*oldest, seen) : seen;
                   return true;
                 });
  return complete ? oldest : std::nullopt;
}

std::optional<StepIndex> MemoryHistory::last_written(StepIndex step, Address from, std::uint64_t size) const {
  std::optional<StepIndex> newest_change;
  for_each_piece(memory_line_size, from, size,
                 [&](Address at, std::size_t offset, std::uint64_t, std::size_t count) {
                   const auto line = find_line(at);
                   std::size_t index = line ? versions_until(*line, step) : 0;
                   if (index == 0) return true;
                   LineVersion after = version(*line, --index);
                   for (; index > 0; --index) {
                     LineVersion before = after;
                     step_back(older_[line->chunk->older[line->index]], index - 1, before);
                     if (!same_bytes(before, after, offset, count)) break;
                     after = before;
                   }
                   newest_change = newest_change ? std::max(*newest_change, after.born) : after.born;
                   return true;
                 });
  return newest_change;
}

void MemoryHistory::expand(Line line, std::vector<LineVersion>& into) const {
  const std::size_t count = older_count(line);
  into.resize(count + 1);
  into.back() = newest(line);
  for (std::size_t i = count; i-- > 0;) {
    into[i] = into[i + 1];
    step_back(older_[line.chunk->older[line.index]], i, into[i]);
  }
}

void MemoryHistory::for_each_line(
    const std::function<void(Address, std::span<const LineVersion>)>& visit) const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(index_.size());
  for (const auto& [number, chunk] : index_) numbers.push_back(number);
  std::ranges::sort(numbers);
  std::vector<LineVersion> versions;
  for (const std::uint64_t number : numbers)
    for (std::size_t i = 0; i < chunk_lines; ++i) {
      const Address at{number * chunk_size + i * memory_line_size};
      const auto line = find_line(at);
      if (!line) continue;
      expand(*line, versions);
      visit(at, versions);
    }
}

std::vector<LineVersion> MemoryHistory::versions(Address line) const {
  std::vector<LineVersion> versions;
  if (const auto found = find_line(line)) expand(*found, versions);
  return versions;
}

void MemoryHistory::for_each_birth(AddressRange lines, StepIndex first, StepIndex end,
                                   const std::function<void(StepIndex)>& visit) const {
  for (Address at = line_of(lines.low + (memory_line_size - 1)); at < lines.high;
       at = at + memory_line_size) {
    const auto line = find_line(at);
    if (!line) continue;
    if (const std::size_t count = older_count(*line); count != 0) {
      const std::vector<Older>& older = older_[line->chunk->older[line->index]].versions;
      for (auto v = std::ranges::lower_bound(older, first, {}, &Older::born);
           v != older.end() && v->born < end; ++v)
        visit(v->born);
    }
    const StepIndex born = line->chunk->born[line->index];
    if (born >= first && born < end) visit(born);
  }
}

}  // namespace situ
