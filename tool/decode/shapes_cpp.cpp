// libstdc++ of GCC 12, as g++ and clang++ describe it. Members are found by their last names through the
// bases; std::string has a built-in layout because clang emits only its declaration before C++20.
#include "decode/containers_cpp.h"
#include "decode/shapes.h"

namespace situ {
namespace {

// "char" of "std::basic_string<char, ...>"; of an alias without arguments: char.
std::string_view character_of(std::string_view name) {
  const auto open = name.find('<');
  if (open == std::string_view::npos) return "char";
  name.remove_prefix(open + 1);
  return name.substr(0, name.find_first_of(",>"));
}

// Text of chars is bytes; wider characters are a sequence, which is written as text for them.
ShapeKind text_kind(std::string_view name) {
  return character_of(name) == "char" ? ShapeKind::text : ShapeKind::sequence;
}

std::optional<std::uint64_t> offset_of(const Recording& recording, const Type& type, std::string_view name) {
  const auto found = find_named(recording, type, name);
  return found ? std::optional(found->offset) : std::nullopt;
}

std::optional<TypeId> target_of(const Recording& recording, TypeId pointer) {
  const auto target = recording.at(without_aliases(recording, pointer)).target;
  return target;
}

std::optional<Shape> string_shape(const Recording& recording, const Type& type) {
  Shape shape;
  shape.kind = text_kind(type.name);
  if (type.declaration_only && shape.kind != ShapeKind::text) {
    const auto character = type_named(recording, character_of(type.name));
    if (!character) return std::nullopt;
    shape.element = character;
  }
  if (type.declaration_only || type.fields.empty()) {
    shape.pointer_offset = 0;
    shape.length_offset = 8;
    shape.local_buffer = shape.capacity_offset = 16;
    return shape;
  }
  const auto pointer = find_named(recording, type, "_M_p");
  shape.length_offset = offset_of(recording, type, "_M_string_length");
  shape.local_buffer = offset_of(recording, type, "_M_local_buf");
  shape.capacity_offset = offset_of(recording, type, "_M_allocated_capacity");
  // clang without -fstandalone-debug only declares _Alloc_hider, the type of _M_dataplus, whose one word _M_p
  // is.
  const auto holder = pointer ? std::nullopt : offset_of(recording, type, "_M_dataplus");
  if (!(pointer || holder) || !shape.length_offset) return std::nullopt;
  shape.pointer_offset = pointer ? pointer->offset : *holder;
  if (pointer) shape.element = target_of(recording, pointer->type);
  if (!shape.element) shape.element = type_argument(recording, type, 0);
  if (!shape.element && shape.kind != ShapeKind::text) return std::nullopt;
  return shape;
}

struct RunMembers {
  std::string_view pointer, length;
};

// string_view, span, initializer_list: a pointer to what others own, and how much of it.
std::optional<Shape> borrowed_run(const Recording& recording, const Type& type, ShapeKind kind,
                                  RunMembers members) {
  const auto pointer = find_named(recording, type, members.pointer);
  Shape shape;
  shape.kind = kind;
  shape.pointer_kind = PointerKind::borrow;
  shape.length_offset = offset_of(recording, type, members.length);
  if (!pointer || !shape.length_offset) return std::nullopt;
  shape.pointer_offset = pointer->offset;
  shape.element = target_of(recording, pointer->type);
  return shape;
}

std::optional<Shape> vector_shape(const Recording& recording, const Type& type) {
  const auto start = find_named(recording, type, "_M_start");
  Shape shape;
  shape.kind = ShapeKind::sequence;
  shape.finish_offset = offset_of(recording, type, "_M_finish");
  shape.end_offset = offset_of(recording, type, "_M_end_of_storage");
  // vector<bool> keeps iterators here, not pointers.
  if (!start || !shape.finish_offset || recording.at(start->type).kind != TypeKind::pointer) {
    return std::nullopt;
  }
  shape.pointer_offset = start->offset;
  shape.element = target_of(recording, start->type);
  return shape;
}

// The pointer is the head of the tuple's part 0; the deleter, part 1, may be a pointer too.
std::optional<Shape> unique_shape(const Recording& recording, const Type& type) {
  const auto pointer = find_field(
      recording, type,
      [](const Field& field, const Type& field_type, const Type& holder) {
        return field.name == "_M_head_impl" && field_type.kind == TypeKind::pointer &&
               (short_name(holder.name) != "_Head_base" || holder.name.find("<0") != std::string::npos);
      },
      12);
  if (!pointer) return std::nullopt;
  Shape shape;
  shape.pointer_offset = pointer->offset;
  shape.element = target_of(recording, pointer->type);
  return shape;
}

// __shared_ptr: _M_ptr and _M_refcount._M_pi -> _Sp_counted_base {vptr, _M_use_count, _M_weak_count}.
std::optional<Shape> shared_shape(const Recording& recording, const Type& type, PointerKind kind) {
  const auto pointer = find_named(recording, type, "_M_ptr");
  const auto counts = find_named(recording, type, "_M_pi");
  if (!pointer || !counts || recording.at(pointer->type).kind != TypeKind::pointer) return std::nullopt;
  Shape shape;
  shape.kind = ShapeKind::counted;
  shape.pointer_kind = kind;
  shape.pointer_offset = pointer->offset;
  shape.element = target_of(recording, pointer->type);
  shape.counts_pointer_offset = counts->offset;
  shape.strong_offset = 8;
  shape.weak_offset = 12;
  shape.counter_size = 4;
  return shape;
}

}  // namespace

std::optional<Shape> cpp_shape(const Recording& recording, const Type& type) {
  const std::string name = std_name(type.name);
  if (name.empty()) return std::nullopt;
  if (name == "string" || name == "basic_string") return string_shape(recording, type);
  if (type.declaration_only) return std::nullopt;
  if (name == "string_view" || name == "basic_string_view")
    return borrowed_run(recording, type, text_kind(type.name), {"_M_str", "_M_len"});
  if (name == "vector") return vector_shape(recording, type);
  if (name == "span")
    return borrowed_run(recording, type, ShapeKind::sequence, {"_M_ptr", "_M_extent_value"});
  if (name == "initializer_list")
    return borrowed_run(recording, type, ShapeKind::sequence, {"_M_array", "_M_len"});
  if (name == "unique_ptr") return unique_shape(recording, type);
  if (name == "shared_ptr") return shared_shape(recording, type, PointerKind::shared);
  if (name == "weak_ptr") return shared_shape(recording, type, PointerKind::weak);
  return std::nullopt;
}

}  // namespace situ
