// Bytes of a fuzzer as numbers, choices and memory. Reading past their end gives zeros.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "base/memory_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace situ {

// A broken promise of the code under test; the sanitizers see the rest.
inline void must(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : left_(std::as_bytes(std::span(data, size))) {}

  bool empty() const { return left_.empty(); }
  template <class T>
  T take() {
    T value{};
    const std::size_t count = std::min(sizeof value, left_.size());
    if (count > 0) std::memcpy(&value, left_.data(), count);
    left_ = left_.subspan(count);
    return value;
  }
  // A number below `limit`.
  std::size_t below(std::size_t limit) { return take<std::uint8_t>() % limit; }
  bool flag() { return (take<std::uint8_t>() & 1U) != 0; }
  std::vector<std::byte> bytes(std::size_t most) {
    const std::size_t count = std::min(most, left_.size());
    std::vector<std::byte> taken(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(count));
    left_ = left_.subspan(count);
    return taken;
  }
  std::vector<std::byte> rest() { return bytes(left_.size()); }

 private:
  std::span<const std::byte> left_;
};

// The bytes at one address; nothing is mapped elsewhere.
class FuzzMemory : public MemoryReader {
 public:
  FuzzMemory(Address at, std::vector<std::byte> bytes) : at_(at), bytes_(std::move(bytes)) {}

  std::size_t read(Address from, std::span<std::byte> into) const override {
    if (from < at_ || from.value - at_.value >= bytes_.size()) return 0;
    const auto offset = static_cast<std::size_t>(from - at_);
    const std::size_t count = std::min(into.size(), bytes_.size() - offset);
    std::memcpy(into.data(), bytes_.data() + offset, count);
    return count;
  }

 private:
  Address at_;
  std::vector<std::byte> bytes_;
};

}  // namespace situ
