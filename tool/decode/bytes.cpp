#include "decode/bytes.h"

#include <algorithm>
#include <array>

namespace situ {

Bytes Bytes::part(std::uint64_t offset) const {
  const auto rest = offset < known_.size() ? known_.subspan(offset) : std::span<const std::byte>{};
  return {rest, at_ ? std::optional(*at_ + offset) : std::nullopt, *memory_, gaps_};
}

bool Bytes::lacks(std::uint64_t size) const {
  const std::byte* const first = known_.data();
  const std::byte* const last = first + std::min<std::uint64_t>(size, known_.size());
  return std::ranges::any_of(gaps_, [&](std::span<const std::byte> gap) {
    return first < gap.data() + gap.size() && gap.data() < last;
  });
}

bool Bytes::copy(std::uint64_t offset, std::span<std::byte> into) const {
  if (offset <= known_.size() && into.size() <= known_.size() - offset) {
    if (!gaps_.empty() && part(offset).lacks(into.size())) return false;
    std::ranges::copy(known_.subspan(offset, into.size()), into.begin());
    return true;
  }
  return at_ && memory_->read_all(*at_ + offset, into);
}

std::optional<UInt128> Bytes::number(std::uint64_t offset, std::uint64_t size) const {
  std::array<std::byte, 16> bytes{};
  if (size == 0 || size > bytes.size() || !copy(offset, std::span(bytes).first(size))) return std::nullopt;
  UInt128 value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | std::to_integer<std::uint8_t>(bytes[i]);
  return value;
}

std::optional<std::uint64_t> Bytes::word(std::uint64_t offset) const {
  const auto value = number(offset, 8);
  return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

bool Bytes::holds_mark(std::uint64_t offset, std::uint64_t size, std::span<const AddressRange> marked,
                       const MarkPattern& mark) const {
  if (!at_ || size == 0) return false;
  const Address from = *at_ + offset;
  const bool inside = std::ranges::any_of(marked, [&](const AddressRange& range) {
    return range.contains(from) && size <= static_cast<std::uint64_t>(range.high - from);
  });
  if (!inside) return false;
  std::array<std::byte, 64> chunk{};
  for (std::uint64_t done = 0; done < size;) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), size - done));
    if (!copy(offset + done, part)) return false;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] != mark.at(from + done + i)) return false;
    }
    done += part.size();
  }
  return true;
}

}  // namespace situ
