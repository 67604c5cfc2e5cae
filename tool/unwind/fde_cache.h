// What libunwind read from a function's FDE and CIE, kept for the function's other addresses: no search in
// the unwind table, and none of the allocations whose locks are system calls. Used by the stepper.
#pragma once

#include <libunwind.h>

#include <cstddef>
#include <map>
#include <vector>

namespace situ {

class FdeCache {
 public:
  // False: no kept FDE covers `ip`. The result points into the cache.
  bool find(unw_word_t ip, unw_proc_info_t& result);
  // `info` as libunwind made it for its own parser, with unwind_info.
  void keep(const unw_proc_info_t& info);
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    unw_proc_info_t info{};
    std::vector<std::byte> parsed;  // info.unwind_info's
  };
  std::map<unw_word_t, Entry> entries_;  // by start_ip
};

}  // namespace situ
