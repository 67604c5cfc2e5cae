// /proc/PID/maps, parsed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"

namespace situ {

struct Mapping {
  AddressRange range;
  bool readable = false, writable = false, executable = false, shared = false;
  std::uint64_t offset = 0;
  std::uint64_t inode = 0;
  std::string path;  // "[heap]", "[stack]", "[vdso]", a file, or empty
};

// Lines that do not parse are skipped (the kernel writes none such).
std::vector<Mapping> parse_maps(std::string_view text);

}  // namespace situ
