// Where types go as they are met: one table for all modules of a recording. Equal complete types of different
// compilation units share an id.
#pragma once

#include <vector>

#include "model/type.h"

namespace situ {

class TypeTable {
 public:
  explicit TypeTable(std::vector<Type>& types) : types_(types) {}
  TypeId reserve();  // an id for a type that refers to itself while it is being built
  void define(TypeId id, Type type);
  const Type& at(TypeId id) const { return types_[id.value]; }

 private:
  std::vector<Type>& types_;
};

}  // namespace situ
