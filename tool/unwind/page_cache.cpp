#include "unwind/page_cache.h"

#include <algorithm>

namespace situ {

void PageCache::set_constant_ranges(std::vector<AddressRange> ranges) {
  ranges_ = std::move(ranges);
  std::ranges::sort(ranges_);
  pages_.clear();
  last_ = nullptr;
}

bool PageCache::is_constant(Address a) const {
  const auto after = std::ranges::upper_bound(ranges_, a, {}, &AddressRange::low);
  return after != ranges_.begin() && std::prev(after)->contains(a);
}

const PageCache::Page* PageCache::page(const MemoryReader& memory, std::uint64_t number) {
  if (last_ && last_number_ == number) return last_;
  auto found = pages_.find(number);
  if (found == pages_.end()) {
    if (!is_constant({number * page_size})) return nullptr;
    auto fresh = std::make_unique<Page>();
    if (!memory.read_all({number * page_size}, *fresh)) return nullptr;
    found = pages_.emplace(number, std::move(fresh)).first;
  }
  last_number_ = number;
  return last_ = found->second.get();
}

std::size_t PageCache::read(const MemoryReader& memory, Address from, std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const Address at = from + done;
    const Page* kept = page(memory, at.value / page_size);
    if (!kept) return done + memory.read(at, into.subspan(done));
    const std::size_t offset = at.value % page_size;
    const std::size_t count = std::min(page_size - offset, into.size() - done);
    std::copy_n(kept->begin() + static_cast<std::ptrdiff_t>(offset), count,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    done += count;
  }
  return done;
}

}  // namespace situ
