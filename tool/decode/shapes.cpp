#include "decode/shapes.h"

namespace situ {

TypeId without_aliases(const Recording& recording, TypeId type) {
  for (int i = 0; i < 32; ++i) {
    const Type& t = recording.at(type);
    if (t.kind != TypeKind::alias || !t.target) break;
    type = *t.target;
  }
  return type;
}

std::string_view name_without_arguments(std::string_view type_name) {
  return type_name.substr(0, type_name.find('<'));
}

std::string_view short_name(std::string_view type_name) {
  const std::string_view path = name_without_arguments(type_name);
  const auto colon = path.rfind("::");
  return colon == std::string_view::npos ? path : path.substr(colon + 2);
}

namespace {

// Fields that one search looks at: libraries' types have far fewer, damaged ones may nest wide and deep.
constexpr int most_fields = 2000;

std::optional<FoundField> find_field_in(const Recording& recording, const Type& type, const FieldTest& test,
                                        int depth, int& left) {
  if (depth <= 0 || (type.kind != TypeKind::record && type.kind != TypeKind::union_type)) return std::nullopt;
  for (const Field& field : type.fields) {
    if (--left < 0) return std::nullopt;
    const TypeId plain = without_aliases(recording, field.type);
    const Type& field_type = recording.at(plain);
    if (test(field, field_type, type)) return FoundField{field.offset, plain};
    if (const auto inner = find_field_in(recording, field_type, test, depth - 1, left)) {
      return FoundField{field.offset + inner->offset, inner->type};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<FoundField> find_field(const Recording& recording, const Type& type, const FieldTest& test,
                                     int depth) {
  int left = most_fields;
  return find_field_in(recording, type, test, depth, left);
}

std::optional<FoundField> find_named(const Recording& recording, const Type& type, std::string_view name) {
  return find_field(recording, type,
                    [name](const Field& field, const Type&, const Type&) { return field.name == name; });
}

PointerKind pointer_kind_of(const Type& pointer) {
  if (pointer.kind != TypeKind::pointer) return PointerKind::borrow;  // C++ references
  if (pointer.language != Language::rust) return PointerKind::raw;
  if (pointer.name.starts_with('&')) return PointerKind::borrow;
  return short_name(pointer.name) == "Box" ? PointerKind::owner : PointerKind::raw;
}

std::optional<Shape> shape_of(const Recording& recording, TypeId type) {
  const Type& t = recording.at(type);
  if (t.kind != TypeKind::record || t.name.empty()) return std::nullopt;
  if (t.language == Language::rust) return rust_shape(recording, t);
  if (t.language == Language::cpp) return cpp_shape(recording, t);
  return std::nullopt;
}

}  // namespace situ
