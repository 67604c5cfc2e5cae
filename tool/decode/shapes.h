// What well-known library types mean: where an owner keeps its pointer, its length and its capacity. Found by
// structure where versions differ (facts: field paths change between compiler releases, their last names and
// order of nesting do not). One table per library: shapes_rust.cpp, shapes_cpp.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "decode/value.h"

namespace situ {

enum class ShapeKind : std::uint8_t {
  pointer,   // one pointer and nothing else a person wants to see
  sequence,  // pointer, length, perhaps capacity
  text,      // the same, of characters
  counted,   // pointer to something with reference counts
};

struct Shape {
  ShapeKind kind = ShapeKind::pointer;
  PointerKind pointer_kind = PointerKind::owner;
  std::uint64_t pointer_offset = 0;
  std::optional<TypeId> element;  // what the pointer points to
  // Words that count elements.
  std::optional<std::uint64_t> length_offset, capacity_offset;
  // Or pointers behind the last element and behind the last place.
  std::optional<std::uint64_t> finish_offset, end_offset;
  std::optional<std::uint64_t> local_buffer;  // small strings: the buffer inside the value
  // counted: where the counters are, seen from the pointer at counts_pointer_offset.
  std::uint64_t counts_pointer_offset = 0, strong_offset = 0, weak_offset = 8, counter_size = 8;
  std::uint64_t terminator = 0;  // elements at the end that the length counts and people don't: CStr's NUL
  // Rust's pointers to dyn types: the word that says which type it is (type_of_vtable).
  std::optional<std::uint64_t> vtable_offset;
  // counted, of a str or a slice: its length and its first element, seen from the counters.
  std::optional<std::uint64_t> tail_length_offset;
  std::uint64_t tail_offset = 0;
  std::optional<TypeId> tail_element;
  bool tail_is_text = false;
};

// Empty: an ordinary type, shown by its structure.
std::optional<Shape> shape_of(const Recording& recording, TypeId type);
std::optional<Shape> rust_shape(const Recording& recording, const Type& type);
std::optional<Shape> cpp_shape(const Recording& recording, const Type& type);

// The type behind typedefs and qualifiers.
TypeId without_aliases(const Recording& recording, TypeId type);
PointerKind pointer_kind_of(const Type& pointer);
// "Vec" of "alloc::vec::Vec<i32, ...>".
std::string_view short_name(std::string_view type_name);
// "alloc::vec::Vec" of the same.
std::string_view name_without_arguments(std::string_view type_name);

// The type whose methods the vtable at the address has, by its symbol; empty: not known.
std::optional<TypeId> type_of_vtable(const Recording& recording, Address vtable);

struct FoundField {
  std::uint64_t offset = 0;
  TypeId type;
};
using FieldTest = std::function<bool(const Field& field, const Type& type, const Type& holder)>;
// The first field, depth first through records and unions, that passes the test; offset from the start.
std::optional<FoundField> find_field(const Recording& recording, const Type& type, const FieldTest& test,
                                     int depth = 8);
std::optional<FoundField> find_named(const Recording& recording, const Type& type, std::string_view name);

}  // namespace situ
