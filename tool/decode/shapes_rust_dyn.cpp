// Which type stands behind a pointer to a dyn type: rustc describes each vtable as a variable called
// "<pets::Dog as pets::Speak>::{vtable}".
#include <algorithm>

#include "decode/shapes.h"

namespace situ {
namespace {

constexpr std::string_view suffix = ">::{vtable}";

// "pets::Dog" of the symbol's name; generics may contain " as " too, at a deeper level.
std::string_view implementor(std::string_view name) {
  if (!name.starts_with('<') || !name.ends_with(suffix)) return {};
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<' || name[i] == '(' || name[i] == '[') ++depth;
    if (name[i] == '>' && i > 0 && name[i - 1] == '-') continue;
    if (name[i] == '>' || name[i] == ')' || name[i] == ']') --depth;
    if (depth == 1 && name.substr(i).starts_with(" as ")) return name.substr(1, i - 1);
  }
  return {};
}

}  // namespace

std::optional<TypeId> type_of_vtable(const Recording& recording, Address vtable) {
  const auto symbol = std::ranges::find_if(
      recording.symbols, [&](const Symbol& s) { return s.address == vtable && s.name.ends_with(suffix); });
  if (symbol == recording.symbols.end()) return std::nullopt;
  if (symbol->type) return symbol->type;
  const std::string_view name = implementor(symbol->name);
  const auto type = std::ranges::find_if(recording.types, [&](const Type& t) {
    return t.language == Language::rust && t.size && !t.declaration_only && t.name == name;
  });
  if (name.empty() || type == recording.types.end()) return std::nullopt;
  return TypeId{static_cast<std::uint32_t>(type - recording.types.begin())};
}

}  // namespace situ
