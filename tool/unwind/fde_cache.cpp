#include "unwind/fde_cache.h"

#include <algorithm>

namespace situ {

bool FdeCache::find(unw_word_t ip, unw_proc_info_t& result) {
  const auto after = entries_.upper_bound(ip);
  if (after == entries_.begin()) return false;
  Entry& entry = std::prev(after)->second;
  if (ip >= entry.info.end_ip) return false;
  result = entry.info;
  result.unwind_info = entry.parsed.data();
  return true;
}

// The parser treats both table formats alike, but afterwards frees into its own pool only what is marked as
// UNW_INFO_FORMAT_TABLE.
void FdeCache::keep(const unw_proc_info_t& info) {
  if (info.format != UNW_INFO_FORMAT_TABLE || !info.unwind_info || info.unwind_info_size <= 0) return;
  Entry entry;
  entry.info = info;
  entry.info.format = UNW_INFO_FORMAT_REMOTE_TABLE;
  const auto* bytes = static_cast<const std::byte*>(info.unwind_info);
  entry.parsed.assign(bytes, bytes + info.unwind_info_size);
  entries_.insert_or_assign(info.start_ip, std::move(entry));
}

}  // namespace situ
