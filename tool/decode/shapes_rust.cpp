// Rust's standard library, 1.63 to 1.95. The order of fields is the compiler's choice and paths move between
// releases (Vec: buf.ptr.pointer.pointer, later buf.inner.ptr.pointer.pointer of *u8), so a container is read
// as: the first pointer, `cap`, `len`, with the element type of the outermost type's parameter T.
#include <array>

#include "decode/shapes.h"

namespace situ {
namespace {

struct RustRow {
  std::string_view name;
  ShapeKind kind;
  PointerKind pointer_kind;
};

constexpr std::array<RustRow, 10> rust_rows = {{
    {"alloc::vec::Vec", ShapeKind::sequence, PointerKind::owner},
    {"alloc::string::String", ShapeKind::text, PointerKind::owner},
    {"std::ffi::os_str::OsString", ShapeKind::text, PointerKind::owner},
    {"std::path::PathBuf", ShapeKind::text, PointerKind::owner},
    {"alloc::rc::Rc", ShapeKind::counted, PointerKind::shared},
    {"alloc::sync::Arc", ShapeKind::counted, PointerKind::shared},
    {"alloc::rc::Weak", ShapeKind::counted, PointerKind::weak},
    {"alloc::sync::Weak", ShapeKind::counted, PointerKind::weak},
    {"Vec", ShapeKind::sequence, PointerKind::owner},
    {"String", ShapeKind::text, PointerKind::owner},
}};

std::optional<FoundField> first_pointer(const Recording& recording, const Type& type) {
  return find_field(recording, type, [](const Field&, const Type& field_type, const Type&) {
    return field_type.kind == TypeKind::pointer;
  });
}

std::optional<std::uint64_t> offset_of(const Recording& recording, const Type& type, std::string_view name) {
  const auto found = find_named(recording, type, name);
  return found ? std::optional(found->offset) : std::nullopt;
}

std::optional<TypeId> argument(const Type& type, std::string_view name) {
  for (const TemplateArgument& a : type.template_arguments) {
    if (a.name == name) return a.type;
  }
  return std::nullopt;
}

// &str, &[T], Box<str>, Box<[T]>, *const [T]: {data_ptr, length}.
std::optional<Shape> fat_pointer(const Recording& recording, const Type& type) {
  const Field *data = nullptr, *length = nullptr;
  for (const Field& field : type.fields) {
    if (field.name == "data_ptr") data = &field;
    if (field.name == "length") length = &field;
  }
  if (!data || !length) return std::nullopt;
  const std::string_view name = type.name;
  Shape shape;
  shape.pointer_kind = name.starts_with('&')       ? PointerKind::borrow
                       : short_name(name) == "Box" ? PointerKind::owner
                                                   : PointerKind::raw;
  const bool of_text = name.ends_with("str") || name.find("<str") != std::string_view::npos;
  shape.kind = of_text ? ShapeKind::text : ShapeKind::sequence;
  shape.pointer_offset = data->offset;
  shape.length_offset = length->offset;
  shape.element = recording.at(without_aliases(recording, data->type)).target;
  return shape;
}

}  // namespace

std::optional<Shape> rust_shape(const Recording& recording, const Type& type) {
  if (type.fields.size() == 2) {
    if (auto fat = fat_pointer(recording, type)) return fat;
  }
  const std::string_view name = name_without_arguments(type.name);
  for (const RustRow& row : rust_rows) {
    if (row.name != name) continue;
    const auto pointer = first_pointer(recording, type);
    if (!pointer) return std::nullopt;
    Shape shape;
    shape.kind = row.kind;
    shape.pointer_kind = row.pointer_kind;
    shape.pointer_offset = shape.counts_pointer_offset = pointer->offset;
    shape.element = recording.at(pointer->type).target;
    if (row.kind == ShapeKind::counted) return shape;
    shape.length_offset = offset_of(recording, type, "len");
    shape.capacity_offset = offset_of(recording, type, "cap");
    if (!shape.length_offset) return std::nullopt;
    if (row.kind == ShapeKind::sequence) {
      if (const auto t = argument(type, "T")) shape.element = t;
    }
    return shape;
  }
  return std::nullopt;
}

}  // namespace situ
