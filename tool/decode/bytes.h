// Bytes of a value: those at hand, and the rest through memory where the value has an address.
#pragma once

#include <optional>
#include <span>

#include "base/int128.h"
#include "base/memory_reader.h"
#include "model/mark.h"

namespace situ {

class Bytes {
 public:
  using Gaps = std::span<const std::span<const std::byte>>;

  // `gaps`: parts of `known` that stand for bytes that are nowhere.
  Bytes(std::span<const std::byte> known, std::optional<Address> at, const MemoryReader& memory,
        Gaps gaps = {})
      : known_(known), at_(at), memory_(&memory), gaps_(gaps) {}

  std::optional<Address> at() const { return at_; }
  Bytes part(std::uint64_t offset) const;
  // False when a byte is not known.
  bool copy(std::uint64_t offset, std::span<std::byte> into) const;
  // Whether one of the first `size` bytes is in a gap.
  bool lacks(std::uint64_t size) const;
  // A little-endian number of 1 to 16 bytes.
  std::optional<UInt128> number(std::uint64_t offset, std::uint64_t size) const;
  std::optional<std::uint64_t> word(std::uint64_t offset) const;
  // Whether all of [offset, offset + size) lies in a marked range and still holds the mark.
  bool holds_mark(std::uint64_t offset, std::uint64_t size, std::span<const AddressRange> marked,
                  const MarkPattern& mark) const;

 private:
  std::span<const std::byte> known_;
  std::optional<Address> at_;
  const MemoryReader* memory_;
  Gaps gaps_;
};

}  // namespace situ
