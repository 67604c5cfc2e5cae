#include "trace/returned.h"

#include <algorithm>

namespace situ {
namespace {

constexpr int deepest = 12;
constexpr std::uint64_t two_eightbytes = 16;

const Type* plain(const Recording& recording, TypeId id) {
  for (int i = 0; i < 64 && id.value < recording.types.size(); ++i) {
    const Type& type = recording.at(id);
    if (type.kind != TypeKind::alias || !type.target) return &type;
    id = *type.target;
  }
  return nullptr;
}

bool has_float(const Recording& recording, TypeId id, int depth) {
  const Type* type = plain(recording, id);
  if (type == nullptr || depth <= 0) return false;
  if (type->kind == TypeKind::base)
    return type->encoding == Encoding::floating || type->name.find("omplex") != std::string::npos;
  if (type->kind == TypeKind::array) return type->element && has_float(recording, *type->element, depth - 1);
  const auto in_field = [&](const Field& field) { return has_float(recording, field.type, depth - 1); };
  const auto in_variant = [&](const Variant& variant) {
    return has_float(recording, variant.type, depth - 1);
  };
  return std::ranges::any_of(type->fields, in_field) || std::ranges::any_of(type->variants, in_variant);
}

}  // namespace

bool returned_in_float_registers(const Recording& recording, TypeId id) {
  const Type* type = plain(recording, id);
  // A complex long double, of 32 bytes, comes back in st0 and st1.
  return type != nullptr && type->size.value_or(0) <= 2 * two_eightbytes && has_float(recording, id, deepest);
}

std::uint64_t returned_in_memory(const Recording& recording, TypeId id) {
  const Type* type = plain(recording, id);
  if (type == nullptr) return 0;
  // Smaller ones too: a class with a copy constructor or destructor of its own.
  const bool parts = type->kind == TypeKind::record || type->kind == TypeKind::union_type ||
                     type->kind == TypeKind::choice || type->kind == TypeKind::array;
  return parts ? type->size.value_or(0) : 0;
}

}  // namespace situ
