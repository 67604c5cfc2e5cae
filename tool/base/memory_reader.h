// The one interface memory is read through: the tracee's snapshot, a recording at a step, an array in a test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

#include "base/address.h"

namespace situ {

class MemoryReader {
 public:
  virtual ~MemoryReader() = default;

  // Fills `into` from `from` as far as the bytes are known; returns how many leading bytes were filled.
  virtual std::size_t read(Address from, std::span<std::byte> into) const = 0;

  bool read_all(Address from, std::span<std::byte> into) const { return read(from, into) == into.size(); }

  template <class T>
  requires std::is_trivially_copyable_v<T> std::optional<T> read_value(Address from)
  const {
    T value;
    if (!read_all(from, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
    return value;
  }
};

}  // namespace situ
