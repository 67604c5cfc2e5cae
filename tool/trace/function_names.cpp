#include "trace/function_names.h"

namespace situ {

void FunctionNames::add_user_functions(LoadedModule& module,
                                       const std::vector<const FunctionInfo*>& functions) {
  for (const FunctionInfo* function : functions)
    for (const FileRange& range : function->ranges)
      user_[{module.id.value, range.low}] = {range.high, function};
}

const CodePlace& FunctionNames::at(Address lookup) {
  const auto [entry, fresh] = by_pc_.try_emplace(lookup);
  if (fresh) entry->second = look_up(lookup);
  return entry->second;
}

const std::optional<Statement>& FunctionNames::line_at(Address lookup) {
  const auto [entry, fresh] = lines_.try_emplace(lookup);
  if (fresh)
    if (LoadedModule* module = modules_.find(lookup))
      entry->second = module->symbols->line_at(module->to_file(lookup));
  return entry->second;
}

void FunctionNames::forget_unknown() {
  std::erase_if(by_pc_, [](const auto& entry) { return !entry.second.function; });
  std::erase_if(lines_, [](const auto& entry) { return !entry.second; });
}

FunctionId FunctionNames::id_of(const LoadedModule& module, const FunctionInfo& function) {
  return add(module, function.entry,
             {.name = function.name,
              .linkage_name = function.linkage_name,
              .file = function.file,
              .line = function.line,
              .language = function.language,
              .module = module.id,
              .user = function.user,
              .return_type = function.return_type});
}

FunctionId FunctionNames::add(const LoadedModule& module, FileAddress start, Function function) {
  const FunctionId next{static_cast<std::uint32_t>(recording_.functions.size())};
  const auto [entry, fresh] = ids_.try_emplace({module.id.value, start}, next);
  if (fresh) recording_.functions.push_back(std::move(function));
  return entry->second;
}

CodePlace FunctionNames::look_up(Address lookup) {
  CodePlace place;
  place.module = modules_.find(lookup);
  if (!place.module) return place;
  const FileAddress address = place.module->to_file(lookup);

  auto after = user_.upper_bound({place.module->id.value, address});
  if (after != user_.begin()) {
    const auto& [start, range] = *std::prev(after);
    if (start.first == place.module->id.value && address < range.first) {
      place.user_function = range.second;
      place.function = id_of(*place.module, *range.second);
      return place;
    }
  }
  // The symbol table first: naming a library's frame must not read its debug info.
  if (const auto symbol = place.module->symbols->symbol_at(address)) {
    Function function;
    function.name = symbol->demangled;
    function.linkage_name = symbol->name;
    function.module = place.module->id;
    place.function = add(*place.module, symbol->range.low, std::move(function));
  } else if (const FunctionInfo* function = place.module->symbols->function_at(address)) {
    place.function = id_of(*place.module, *function);
  }
  return place;
}

}  // namespace situ
