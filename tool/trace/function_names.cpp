#include "trace/function_names.h"

#include <algorithm>

namespace situ {

void FunctionNames::add_user_functions(LoadedModule& module,
                                       const std::vector<const FunctionInfo*>& functions) {
  for (const FunctionInfo* function : functions) {
    declared_.try_emplace({module.id.value, function->name, function->file, function->line}, function);
    for (const FileRange& range : function->ranges)
      user_[{module.id.value, range.low}] = {range.high, function};
  }
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

const std::vector<InlinedCall>& FunctionNames::inlined_at(Address lookup) {
  const auto [entry, fresh] = inlined_.try_emplace(lookup);
  if (fresh)
    if (const CodePlace& code = at(lookup); code.user_function) entry->second = look_up_inlined(code, lookup);
  return entry->second;
}

std::vector<InlinedCall> FunctionNames::look_up_inlined(const CodePlace& code, Address lookup) {
  std::vector<InlinedCall> found;
  const FunctionInfo& function = *code.user_function;
  std::vector<std::uint32_t> scopes = SymbolFile::scopes_at(function, code.module->to_file(lookup));
  std::ranges::reverse(scopes);  // outermost first
  // Where the user's code called into library code that is being inlined; empty outside of any.
  std::optional<CallSite> into_library;
  for (const std::uint32_t index : scopes) {
    const Scope& scope = function.scopes[index];
    if (!scope.inlined) continue;
    const CallSite call{scope.call_file, scope.call_line};
    if (!scope.inlined_user) {
      if (!into_library) into_library = call;
      continue;
    }
    found.push_back({index, id_of_inlined(*code.module, function, scope), into_library.value_or(call)});
    into_library.reset();
  }
  return found;
}

FunctionId FunctionNames::id_of_inlined(const LoadedModule& module, const FunctionInfo& holder,
                                        const Scope& scope) {
  const Declaration declaration{module.id.value, scope.inlined_name, scope.declaration_file,
                                scope.declaration_line};
  if (const auto own = declared_.find(declaration); own != declared_.end())
    return id_of(module, *own->second);
  const FunctionId next{static_cast<std::uint32_t>(recording_.functions.size())};
  const auto [entry, fresh] = inlined_ids_.try_emplace(declaration, next);
  if (!fresh) return entry->second;
  Function function;
  function.name = scope.inlined_name;
  function.file = scope.declaration_file;
  function.line = scope.declaration_line;
  function.language = holder.language;
  function.module = module.id;
  function.user = true;
  recording_.functions.push_back(std::move(function));
  return entry->second;
}

void FunctionNames::forget_unknown() {
  std::erase_if(by_pc_, [](const auto& entry) { return !entry.second.function; });
  inlined_.clear();
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
