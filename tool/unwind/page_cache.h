// Keeps the read-only pages of modules (unwind tables, code) across stops, so that unwinding costs no system
// call beyond the stack's one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"

namespace situ {

class PageCache {
 public:
  // Which addresses never change while they are mapped so; sorted by the callee. Forgets all pages.
  void set_constant_ranges(std::vector<AddressRange> ranges);

  // Like memory.read(), from the kept pages where the address is constant. Pages that could not be read whole
  // are not kept.
  std::size_t read(const MemoryReader& memory, Address from, std::span<std::byte> into);

 private:
  static constexpr std::size_t page_size = 4096;
  using Page = std::array<std::byte, page_size>;

  bool is_constant(Address a) const;
  const Page* page(const MemoryReader& memory, std::uint64_t number);

  std::vector<AddressRange> ranges_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
  std::uint64_t last_number_ = 0;
  const Page* last_ = nullptr;
};

}  // namespace situ
