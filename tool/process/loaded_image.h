// An ELF image as it lies in memory: the little that is needed before any debug info is (the loader's
// symbols, the lowest address a library was linked for).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/memory_reader.h"

namespace situ {

// A dynamic symbol of the image whose ELF header stands at `base`, as a process address. Works before
// relocation: addresses in the dynamic section may be relocated or not.
std::optional<Address> find_dynamic_symbol(const MemoryReader& memory, Address base, std::string_view name);

// The lowest p_vaddr of the PT_LOAD segments of an ELF file, rounded down to a page.
std::optional<std::uint64_t> preferred_base(const std::string& path);

}  // namespace situ
