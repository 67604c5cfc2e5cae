#include "trace/epilogue.h"

#include <cstring>
#include <map>
#include <set>

#include "inspect/places.h"
#include "symbols/source_file.h"

namespace situ {

void collect_sources(Recording& recording) {
  std::set<std::string> files;
  for (const Function& function : recording.functions)
    if (function.user && !function.file.empty()) files.insert(function.file);
  for (const Step& step : recording.steps)
    if (!step.file.empty()) files.insert(step.file);
  SourceFiles sources;
  for (const std::string& file : files) {
    const std::string* text = sources.text(file);
    recording.sources.push_back({file, text ? std::optional(*text) : std::nullopt});
  }
}

namespace {

// A vtable of a Rust type, at its place in the process.
struct RustVtable {
  std::uint64_t size = 0;
  std::string name;
  std::optional<TypeId> type;  // empty: the compiler gave several types the same table
};

class Vtables {
 public:
  Vtables(const Recording& recording, const ModuleMap& modules) : recording_(recording) {
    for (const auto& module : modules.all()) {
      if (module->range.size() == 0 || !module->symbols->has_debug_info()) continue;
      for (const StaticInfo& info : module->symbols->vtables()) add(info, *module);
    }
  }

  // The one that holds the address, and where it starts.
  const std::pair<const Address, RustVtable>* covering(Address address) const {
    const auto after = rust_.upper_bound(address);
    if (after == rust_.begin()) return nullptr;
    const auto& found = *std::prev(after);
    return address < found.first + found.second.size ? &found : nullptr;
  }

  // The C++ class that "vtable for X" names; empty: its debug info was not read, or several have the name.
  std::optional<TypeId> class_of(std::string_view symbol) const {
    constexpr std::string_view prefix = "vtable for ";
    if (!symbol.starts_with(prefix)) return std::nullopt;
    symbol.remove_prefix(prefix.size());
    std::optional<TypeId> found;
    for (std::size_t i = 0; i < recording_.types.size(); ++i) {
      const Type& type = recording_.types[i];
      if (type.kind != TypeKind::record || type.declaration_only || type.name != symbol) continue;
      if (found) return std::nullopt;
      found = TypeId{static_cast<std::uint32_t>(i)};
    }
    return found;
  }

 private:
  void add(const StaticInfo& info, const LoadedModule& module) {
    const auto size = info.variable.type ? size_of(*info.variable.type, recording_.types) : std::nullopt;
    if (!size) return;
    const auto [entry, fresh] = rust_.try_emplace(module.to_process(info.address),
                                                  RustVtable{*size, info.variable.name, info.vtable_of});
    if (!fresh && entry->second.type != info.vtable_of) entry->second.type.reset();
  }

  const Recording& recording_;
  std::map<Address, RustVtable> rust_;
};

}  // namespace

void collect_symbols(Recording& recording, const ModuleMap& modules) {
  std::set<Address> pointers;
  const auto consider = [&](std::uint64_t word) {
    if (word >= 4096 && modules.find(Address{word})) pointers.insert(Address{word});
  };
  recording.memory.for_each_line([&](Address, std::span<const LineVersion> versions) {
    for (const LineVersion& version : versions)
      for (std::size_t i = 0; i + 8 <= memory_line_size; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, version.bytes.data() + i, sizeof word);
        consider(word);
      }
  });
  for (const Frame& frame : recording.frames)
    for (const RegisterValue& value : frame.registers) consider(value.value);
  if (pointers.empty()) return;

  const Vtables vtables(recording, modules);
  std::set<Address> named;
  for (const Address pointer : pointers) {
    const LoadedModule* module = modules.find(pointer);
    // rustc gives its vtables no symbol of that name, or none at all.
    const auto* rust = vtables.covering(pointer);
    if (rust != nullptr && rust->second.type) {
      const auto& [start, vtable] = *rust;
      if (named.insert(start).second)
        recording.symbols.push_back({start, vtable.size, vtable.name, SymbolKind::vtable, vtable.type});
      continue;
    }
    const auto symbol = module->symbols->symbol_at(module->to_file(pointer));
    if (!symbol) continue;
    const Address start = module->to_process(symbol->range.low);
    if (!named.insert(start).second) continue;
    // Also the tables that are in force while a base of an object is constructed (Itanium C++ ABI §5.1.4.1).
    const bool vtable =
        rust != nullptr || symbol->name.starts_with("_ZTV") || symbol->name.starts_with("_ZTC");
    recording.symbols.push_back({start, symbol->range.size(), symbol->demangled,
                                 symbol->function ? SymbolKind::function
                                 : vtable         ? SymbolKind::vtable
                                                  : SymbolKind::object,
                                 vtables.class_of(symbol->demangled)});
  }
}

}  // namespace situ
