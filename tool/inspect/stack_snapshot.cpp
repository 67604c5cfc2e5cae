#include "inspect/stack_snapshot.h"

#include <algorithm>

namespace situ {
namespace {

constexpr std::uint64_t red_zone = 128;  // psABI §3.2.2
constexpr std::uint64_t longest = 64 << 10;
constexpr std::uint64_t page_mask = 4095;

}  // namespace

StackSnapshot::StackSnapshot(const MemoryReader& memory, Address sp, AddressRange stack)
    : memory_(memory), low_(sp - red_zone) {
  Address high = sp + longest;
  if (stack.contains(sp)) {
    high = std::min(high, stack.high);
    low_ = std::max(low_, stack.low);
  }
  const auto read_from = [&](Address low) {
    low_ = low;
    bytes_.resize(static_cast<std::size_t>(high - low));
    bytes_.resize(memory_.read(low, bytes_));
  };
  read_from(low_);
  const Address page{sp.value & ~page_mask};
  if (bytes_.empty() && page > low_) read_from(page);
}

std::size_t StackSnapshot::read(Address from, std::span<std::byte> into) const {
  const AddressRange kept{low_, low_ + bytes_.size()};
  if (!kept.contains(from)) return memory_.read(from, into);
  const std::size_t count = std::min(into.size(), static_cast<std::size_t>(kept.high - from));
  std::copy_n(bytes_.begin() + (from - low_), count, into.begin());
  return count == into.size() ? count : count + memory_.read(kept.high, into.subspan(count));
}

}  // namespace situ
