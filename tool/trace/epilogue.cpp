#include "trace/epilogue.h"

#include <cstring>
#include <set>

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

  std::set<Address> named;
  for (const Address pointer : pointers) {
    const LoadedModule* module = modules.find(pointer);
    const auto symbol = module->symbols->symbol_at(module->to_file(pointer));
    if (!symbol) continue;
    const Address start = module->to_process(symbol->range.low);
    if (!named.insert(start).second) continue;
    const bool vtable = symbol->name.starts_with("_ZTV");
    recording.symbols.push_back({start, symbol->range.size(), symbol->demangled,
                                 symbol->function ? SymbolKind::function
                                 : vtable         ? SymbolKind::vtable
                                                  : SymbolKind::object});
  }
}

}  // namespace situ
