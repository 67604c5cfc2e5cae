// Where a module's thread-local variables stand in each thread: below the thread pointer for the executable,
// through the thread's table of blocks for shared libraries.
#pragma once

#include <map>
#include <optional>
#include <string_view>

#include "inspect/module_map.h"

namespace situ {

class ThreadBlocks {
 public:
  explicit ThreadBlocks(const ModuleMap& modules) : modules_(modules) {}

  // Where the module's block begins in the thread with this thread pointer; empty: the thread has none (yet),
  // or the C library is not glibc.
  std::optional<Address> find(const LoadedModule& module, Address thread_pointer, const MemoryReader& memory);

 private:
  // What glibc tells its thread debugging library (nptl_db/structs.def, in symbols _thread_db_*).
  struct Layout {
    std::uint64_t module_number = 0;  // in struct link_map: l_tls_modid
    std::uint64_t table = 0;          // in struct pthread: dtvp
    std::uint64_t entries = 0, entry_size = 0;
    std::uint64_t block = 0;  // in an entry: pointer.val
  };
  struct Member {
    std::uint64_t offset = 0, size = 0;
  };
  std::optional<Address> symbol(std::string_view name);
  std::optional<Member> member(std::string_view name, const MemoryReader& memory);
  void read_layout(const MemoryReader& memory);
  std::optional<std::uint64_t> number_of(const LoadedModule& module, const MemoryReader& memory);

  const ModuleMap& modules_;
  std::optional<Layout> layout_;
  std::map<ModuleId, std::uint64_t> numbers_;
  // Found or not in the modules there were when they were looked for: a search reads whole symbol tables.
  std::map<std::string_view, std::optional<Address>> symbols_;
  std::size_t modules_searched_ = 0;
};

}  // namespace situ
