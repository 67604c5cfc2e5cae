#include "symbols/type_table.h"

#include "base/check.h"

namespace situ {

TypeId TypeTable::reserve() {
  types_.emplace_back();
  return {static_cast<std::uint32_t>(types_.size() - 1)};
}

void TypeTable::define(TypeId id, Type type) {
  CHECK(id.value < types_.size());
  types_[id.value] = std::move(type);
}

std::optional<TypeId> TypeTable::find(const std::string& identity) const {
  const auto found = known_.find(identity);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void TypeTable::remember(std::string identity, TypeId id) {
  known_.emplace(std::move(identity), id);
}

}  // namespace situ
