// Assembles little-endian structures for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace situ {

struct ByteWriter {
  std::vector<std::byte> bytes;

  template <class T>
  ByteWriter& put(T value) {
    const auto raw = std::as_bytes(std::span(&value, 1));
    bytes.insert(bytes.end(), raw.begin(), raw.end());
    return *this;
  }
  ByteWriter& u8(unsigned value) { return put(static_cast<std::uint8_t>(value)); }
  ByteWriter& u32(std::uint64_t value) { return put(static_cast<std::uint32_t>(value)); }
  ByteWriter& u64(std::uint64_t value) { return put(value); }
  ByteWriter& text(const char* text) {
    for (; *text != 0; ++text) put(*text);
    return u8(0);
  }
  ByteWriter& raw(std::initializer_list<unsigned> values) {
    for (const unsigned v : values) u8(v);
    return *this;
  }
  // Starts a length-prefixed entry; end() pads it to eight bytes and fills the length in.
  std::size_t begin() {
    const std::size_t at = bytes.size();
    u32(0);
    return at;
  }
  void end(std::size_t begun) {
    while ((bytes.size() - begun) % 8 != 0) u8(0);
    const auto length = static_cast<std::uint32_t>(bytes.size() - begun - 4);
    std::memcpy(bytes.data() + begun, &length, sizeof length);
  }
};

}  // namespace situ
