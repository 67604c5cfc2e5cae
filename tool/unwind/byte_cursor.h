// Checked reading of little-endian numbers from bytes that may be damaged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace situ {

class ByteCursor {
 public:
  explicit ByteCursor(std::span<const std::byte> bytes, std::size_t position = 0)
      : bytes_(bytes), position_(position) {}

  std::size_t position() const { return position_; }
  std::size_t left() const { return position_ <= bytes_.size() ? bytes_.size() - position_ : 0; }
  bool skip(std::uint64_t count) {
    if (count > left()) return false;
    position_ += static_cast<std::size_t>(count);
    return true;
  }

  template <class T>
  requires std::is_trivially_copyable_v<T> std::optional<T> take() {
    T value;
    if (left() < sizeof value) return std::nullopt;
    std::memcpy(&value, bytes_.data() + position_, sizeof value);
    position_ += sizeof value;
    return value;
  }

  // Unsigned or signed LEB128; bits above the 64th are dropped.
  std::optional<std::uint64_t> take_leb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; left() > 0; shift += 7) {
      const auto byte = std::to_integer<std::uint64_t>(bytes_[position_++]);
      if (shift < 64) value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_;
};

}  // namespace situ
