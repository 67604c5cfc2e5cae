#include "inspect/thread_blocks.h"

#include <array>

namespace situ {
namespace {

constexpr int most_loaded = 10'000;
// glibc elf/link.h, struct r_debug and struct link_map: the public part, which does not change.
constexpr std::uint64_t debug_map = 8, map_dynamic = 16, map_next = 24;

}  // namespace

std::optional<Address> ThreadBlocks::find(const LoadedModule& module, Address thread_pointer,
                                          const MemoryReader& memory) {
  if (thread_pointer == Address{}) return std::nullopt;
  if (module.tls_offset) return thread_pointer - *module.tls_offset;
  if (!layout_) read_layout(memory);
  const auto number = layout_ ? number_of(module, memory) : std::nullopt;
  if (!number) return std::nullopt;
  const auto table = memory.read_value<std::uint64_t>(thread_pointer + layout_->table);
  if (!table || *table == 0) return std::nullopt;
  const Address first = Address{*table} + layout_->entries;
  // glibc sysdeps/generic/dl-dtv.h: the entry before the table says how many there are.
  const auto count = memory.read_value<std::uint64_t>(first - layout_->entry_size);
  if (!count || *number > *count) return std::nullopt;
  const auto block = memory.read_value<std::uint64_t>(first + *number * layout_->entry_size + layout_->block);
  if (!block || *block == 0 || *block == ~std::uint64_t{0}) return std::nullopt;  // TLS_DTV_UNALLOCATED
  return Address{*block};
}

std::optional<Address> ThreadBlocks::symbol(std::string_view name) {
  if (modules_searched_ != modules_.all().size()) symbols_.clear();
  modules_searched_ = modules_.all().size();
  const auto [entry, fresh] = symbols_.try_emplace(name);
  if (!fresh) return entry->second;
  for (const auto& module : modules_.all()) {
    if (module->range.size() == 0) continue;
    const auto address = module->symbols->symbol_address(name);
    if (address) return entry->second = module->to_process(*address);
  }
  return std::nullopt;
}

// A description is {size in bits, count, offset in bytes}.
std::optional<ThreadBlocks::Member> ThreadBlocks::member(std::string_view name, const MemoryReader& memory) {
  const auto at = symbol(name);
  if (!at) return std::nullopt;
  const auto words = memory.read_value<std::array<std::uint32_t, 3>>(*at);
  if (!words) return std::nullopt;
  return Member{(*words)[2], (*words)[0] / 8};
}

void ThreadBlocks::read_layout(const MemoryReader& memory) {
  const auto number = member("_thread_db_link_map_l_tls_modid", memory);
  const auto table = member("_thread_db_pthread_dtvp", memory);
  const auto entries = member("_thread_db_dtv_dtv", memory);
  const auto block = member("_thread_db_dtv_t_pointer_val", memory);
  if (!number || !table || !entries || !block || entries->size == 0) return;
  layout_ = Layout{number->offset, table->offset, entries->offset, entries->size, block->offset};
}

std::optional<std::uint64_t> ThreadBlocks::number_of(const LoadedModule& module, const MemoryReader& memory) {
  if (const auto known = numbers_.find(module.id); known != numbers_.end()) return known->second;
  const auto debug = symbol("_r_debug");
  auto map = debug ? memory.read_value<std::uint64_t>(*debug + debug_map) : std::nullopt;
  for (int i = 0; i < most_loaded && map && *map != 0; ++i) {
    const Address at{*map};
    const auto dynamic = memory.read_value<std::uint64_t>(at + map_dynamic);
    if (dynamic && module.range.contains(Address{*dynamic})) {
      const auto number = memory.read_value<std::uint64_t>(at + layout_->module_number);
      if (number && *number != 0) return numbers_[module.id] = *number;
      return std::nullopt;
    }
    map = memory.read_value<std::uint64_t>(at + map_next);
  }
  return std::nullopt;
}

}  // namespace situ
