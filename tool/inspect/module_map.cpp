#include "inspect/module_map.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"

namespace situ {
namespace {

// glibc elf/dl-tls.c, _dl_determine_tlsoffset, for the first block below the thread pointer.
std::optional<std::uint64_t> executable_tls_offset(const CodeFile& file) {
  for (const Elf64_Phdr& segment : file.program_headers) {
    if (segment.p_type != PT_TLS) continue;
    const std::uint64_t align = std::max<std::uint64_t>(segment.p_align, 1);
    const std::uint64_t first = (0 - segment.p_vaddr) & (align - 1);
    return (segment.p_memsz - first + align - 1) / align * align + first;
  }
  return std::nullopt;
}

bool same_place(const LoadedModule& module, const CodeFile& file, const std::string& path) {
  return module.range.low == file.range.low && path == file.path;
}

}  // namespace

ModuleMap::ModuleMap(Recording& recording, TypeTable& types, const UserCode& user)
    : recording_(recording), types_(types), user_(user) {}

std::vector<LoadedModule*> ModuleMap::update(const std::vector<Mapping>& maps, const MemoryReader& memory,
                                             const std::string& probe_path) {
  std::vector<LoadedModule*> added;
  if (!code_.update(maps, memory)) return added;
  for (const CodeFile& file : code_.files()) {
    if (file.path == probe_path || std::ranges::find(unreadable_, file.path) != unreadable_.end()) continue;
    if (std::ranges::any_of(modules_, [&](const auto& module) {
          return same_place(*module, file, recording_.at(module->id).path);
        })) {
      continue;
    }
    std::unique_ptr<SymbolFile> symbols = open(file, memory);
    if (!symbols) continue;
    add(file, std::move(symbols));
    added.push_back(modules_.back().get());
  }
  return added;
}

std::unique_ptr<SymbolFile> ModuleMap::open(const CodeFile& file, const MemoryReader& memory) {
  try {
    const DebugInfo debug_info = user_.may_hold_user_code_in(file.path) ? DebugInfo::all : DebugInfo::names;
    if (file.path.starts_with('/')) return SymbolFile::open(file.path, types_, user_, debug_info);
    std::vector<std::byte> image(file.range.size());
    image.resize(memory.read(file.range.low, image));
    return SymbolFile::from_memory(std::move(image), types_, user_);
  } catch (const Error& error) {
    unreadable_.push_back(file.path);
    recording_.program.warnings.push_back("no symbols of " + file.path + ": " + error.why);
    return nullptr;
  }
}

void ModuleMap::add(const CodeFile& file, std::unique_ptr<SymbolFile> symbols) {
  // What was unmapped before (dlclose) keeps its entry and its symbols, but not its place.
  for (const auto& module : modules_) {
    if (module->range.low < file.range.high && file.range.low < module->range.high) module->range = {};
  }
  auto module = std::make_unique<LoadedModule>();
  module->id = ModuleId{static_cast<std::uint32_t>(recording_.modules.size())};
  module->range = file.range;
  module->bias = file.bias;
  if (modules_.empty()) module->tls_offset = executable_tls_offset(file);
  recording_.modules.push_back({.path = file.path,
                                .build_id = symbols->build_id(),
                                .base = file.range.low,
                                .end = file.range.high,
                                .debug_info = symbols->has_debug_info()});
  module->symbols = std::move(symbols);
  modules_.push_back(std::move(module));

  by_address_.clear();
  for (const auto& m : modules_) {
    if (m->range.size() != 0) by_address_.push_back(m.get());
  }
  std::ranges::sort(by_address_, {}, [](const LoadedModule* m) { return m->range.low; });
}

LoadedModule* ModuleMap::find(Address pc) const {
  const auto after =
      std::ranges::upper_bound(by_address_, pc, {}, [](const LoadedModule* m) { return m->range.low; });
  if (after == by_address_.begin()) return nullptr;
  LoadedModule* below = *std::prev(after);
  return below->range.contains(pc) ? below : nullptr;
}

}  // namespace situ
