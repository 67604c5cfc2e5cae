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
  std::uint64_t terminator = 0;
};

constexpr std::array<RustRow, 11> rust_rows = {{
    {"alloc::vec::Vec", ShapeKind::sequence, PointerKind::owner},
    {"alloc::string::String", ShapeKind::text, PointerKind::owner},
    {"std::ffi::os_str::OsString", ShapeKind::text, PointerKind::owner},
    {"std::path::PathBuf", ShapeKind::text, PointerKind::owner},
    {"alloc::ffi::c_str::CString", ShapeKind::text, PointerKind::owner, 1},
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

// What a fat pointer points to, by the pointer's name: "str" of "&mut str" and of "Box<str, Global>".
std::string_view unsized_name(std::string_view name) {
  for (const std::string_view prefix : {"&mut ", "&", "*const ", "*mut "}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  const auto open = name.find('<');
  if (open == std::string_view::npos) return name;
  int depth = 0;
  for (std::size_t i = open; i < name.size(); ++i) {
    if (name[i] == '<' || name[i] == '(' || name[i] == '[') ++depth;
    if (name[i] == '>' && name[i - 1] == '-') continue;  // "->"
    if (name[i] == '>' || name[i] == ')' || name[i] == ']') --depth;
    if ((name[i] == ',' && depth == 1) || depth == 0) return name.substr(open + 1, i - open - 1);
  }
  return name;
}

PointerKind fat_kind(std::string_view name) {
  if (name.starts_with('&')) return PointerKind::borrow;
  return short_name(name) == "Box" ? PointerKind::owner : PointerKind::raw;
}

bool of_the_library(std::string_view name) {
  return name.starts_with("std::") || name.starts_with("core::") || name.starts_with("alloc::");
}

// &str, &[T], Box<str>, Box<[T]>, *const [T], &Path: {data_ptr, length}.
std::optional<Shape> fat_pointer(const Recording& recording, const Type& type) {
  const Field *data = nullptr, *length = nullptr;
  for (const Field& field : type.fields) {
    if (field.name == "data_ptr") data = &field;
    if (field.name == "length") length = &field;
  }
  if (!data || !length) return std::nullopt;
  const std::string_view held = unsized_name(type.name), last = short_name(held);
  const bool wrapped_text = of_the_library(held) && (last == "Path" || last == "OsStr" || last == "CStr");
  Shape shape;
  shape.pointer_kind = fat_kind(type.name);
  shape.kind = held == "str" || wrapped_text ? ShapeKind::text : ShapeKind::sequence;
  if (shape.kind == ShapeKind::sequence && !held.starts_with('[')) return std::nullopt;
  shape.terminator = wrapped_text && last == "CStr" ? 1 : 0;
  shape.pointer_offset = data->offset;
  shape.length_offset = length->offset;
  if (!wrapped_text) shape.element = recording.at(without_aliases(recording, data->type)).target;
  return shape;
}

// &dyn T, Box<dyn T>, *const dyn T: {pointer, vtable}.
std::optional<Shape> dyn_pointer(const Type& type) {
  const Field *data = nullptr, *vtable = nullptr;
  for (const Field& field : type.fields) {
    if (field.name == "pointer") data = &field;
    if (field.name == "vtable") vtable = &field;
  }
  const std::string_view held = unsized_name(type.name);
  if (!data || !vtable || !(held.starts_with("dyn ") || held.starts_with("(dyn "))) return std::nullopt;
  Shape shape;
  shape.kind = ShapeKind::pointer;
  shape.pointer_kind = fat_kind(type.name);
  shape.pointer_offset = data->offset;
  shape.vtable_offset = vtable->offset;
  return shape;
}

// Rc<str>, Arc<[T]>, Rc<dyn T>: what their pointer says beyond where the counters are.
void add_tail(const Recording& recording, const Type& type, Shape& shape) {
  const std::string_view held = unsized_name(type.name);
  shape.vtable_offset = offset_of(recording, type, "vtable");
  const auto length = offset_of(recording, type, "length");
  if (!length || !shape.element || (held != "str" && !held.starts_with('['))) return;
  const Type& inner = recording.at(without_aliases(recording, *shape.element));
  auto tail = find_named(recording, inner, "value");
  for (const Field& field : inner.fields) {
    if (field.name != "value" && field.name != "data") continue;
    tail = FoundField{field.offset, without_aliases(recording, field.type)};
  }
  if (!tail) return;
  shape.tail_length_offset = length;
  shape.tail_offset = tail->offset;
  shape.tail_element = tail->type;
  shape.tail_is_text = held == "str";
}

}  // namespace

std::optional<Shape> rust_shape(const Recording& recording, const Type& type) {
  if (type.fields.size() == 2) {
    if (auto fat = fat_pointer(recording, type)) return fat;
    if (auto fat = dyn_pointer(type)) return fat;
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
    if (row.kind == ShapeKind::counted) {
      add_tail(recording, type, shape);
      return shape;
    }
    shape.length_offset = offset_of(recording, type, row.terminator > 0 ? "length" : "len");
    shape.terminator = row.terminator;
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
