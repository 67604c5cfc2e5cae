// Where types go as they are met: one table for all modules of a recording. Equal complete types of different
// compilation units share an id.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/type.h"

namespace situ {

class TypeTable {
 public:
  explicit TypeTable(std::vector<Type>& types) : types_(types) {}
  TypeId reserve();  // an id for a type that refers to itself while it is being built
  void define(TypeId id, Type type);
  const Type& at(TypeId id) const { return types_[id.value]; }

  // `identity` spells what makes a type the same in two compilation units: name, size, members.
  std::optional<TypeId> find(const std::string& identity) const;
  void remember(std::string identity, TypeId id);

 private:
  std::vector<Type>& types_;
  std::unordered_map<std::string, TypeId> known_;
};

}  // namespace situ
