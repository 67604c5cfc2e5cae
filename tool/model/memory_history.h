// The bytes of stack, heap and a little read-only data at every step: 64-byte lines, each version with the
// step it was born at. Memory at (address, step) is the newest version not younger than the step. Bytes that
// were not captured are known not to be known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "model/ids.h"

namespace situ {

inline constexpr std::size_t memory_line_size = 64;

struct LineVersion {
  StepIndex born = 0;
  StepIndex seen = 0;       // last step it was read again and found unchanged
  std::uint64_t known = 0;  // bit i: byte i was captured
  std::array<std::byte, memory_line_size> bytes{};
};

class MemoryHistory {
 public:
  // States that `bytes` stood at `from` at `step`. Steps never decrease. Unchanged lines only get a newer
  // `seen`.
  void write(StepIndex step, Address from, std::span<const std::byte> bytes);

  // Fills `into` as memory stood at `step`; returns the number of leading bytes known.
  std::size_t read(StepIndex step, Address from, std::span<std::byte> into) const;

  // The last step at which all bytes of [from, from+size) were read, as of `step`; empty if any is unknown.
  std::optional<StepIndex> seen(StepIndex step, Address from, std::uint64_t size) const;

  // The step at which the newest change of any byte of the range's lines, as of `step`, was found.
  std::optional<StepIndex> last_written(StepIndex step, Address from, std::uint64_t size) const;

  std::size_t line_count() const { return line_count_; }
  // Each line by address, with its versions by birth: for what looks at a whole recording.
  void for_each_line(const std::function<void(Address, std::span<const LineVersion>)>& visit) const;
  // The versions of the line that begins at `line`, by birth.
  std::vector<LineVersion> versions(Address line) const;
  // Calls `visit` with the birth of each version, born in [first, end), of the lines that begin in `lines`.
  void for_each_birth(AddressRange lines, StepIndex first, StepIndex end,
                      const std::function<void(StepIndex)>& visit) const;

 private:
  // How it is kept: memory_history.cpp.
  static constexpr std::size_t chunk_lines = 16;
  static constexpr std::uint64_t chunk_size = chunk_lines * memory_line_size;
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  struct Older {
    StepIndex born = 0, seen = 0;
    std::uint32_t words = 0;   // where its own words begin in OlderVersions::words
    std::uint8_t changed = 0;  // bit i: word i differs from the next version's, and is kept
    bool known_changed = false;
  };
  struct OlderVersions {
    std::vector<Older> versions;
    std::vector<std::uint64_t> words;
  };
  struct Chunk {
    std::array<std::byte, chunk_size> bytes{};
    std::array<std::uint64_t, chunk_lines> known{};
    std::array<StepIndex, chunk_lines> born{}, seen{};
    std::array<std::uint32_t, chunk_lines> older{};  // into older_; none
    std::uint16_t written = 0, complete = 0;         // bit i: line i has bytes; all of its bytes are known
  };
  struct Line {
    const Chunk* chunk;
    std::size_t index;
  };

  Chunk& chunk_at(std::uint64_t number);
  const Chunk* find_chunk(std::uint64_t number) const;
  std::optional<Line> find_line(Address line) const;
  void write_line(StepIndex step, Chunk& chunk, std::size_t index, std::size_t offset,
                  std::span<const std::byte> bytes);
  void keep_older(const LineVersion& before, Chunk& chunk, std::size_t index);
  static LineVersion newest(Line line);
  std::size_t older_count(Line line) const;
  static void step_back(const OlderVersions& older, std::size_t index, LineVersion& version);
  LineVersion version(Line line, std::size_t index) const;
  // How many versions of the line were born at `step` or before.
  std::size_t versions_until(Line line, StepIndex step) const;
  std::optional<LineVersion> version_at(Address line, StepIndex step) const;
  void expand(Line line, std::vector<LineVersion>& into) const;

  std::deque<Chunk> chunks_;
  std::deque<OlderVersions> older_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;  // chunks by address / chunk_size
  struct Recent {
    std::uint64_t number = ~std::uint64_t{0};
    std::uint32_t chunk = 0;
  };
  std::array<Recent, 64> recent_;  // by number modulo its size: what index_ was asked last
  std::size_t line_count_ = 0;
};

// Memory at one step, as a reader. Keeps a reference: the history must outlive it.
class MemoryAtStep : public MemoryReader {
 public:
  MemoryAtStep(const MemoryHistory& history, StepIndex step) : history_(history), step_(step) {}
  std::size_t read(Address from, std::span<std::byte> into) const override {
    return history_.read(step_, from, into);
  }

 private:
  const MemoryHistory& history_;
  StepIndex step_;
};

}  // namespace situ
