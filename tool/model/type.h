// Types as the debug info states them, in one table for the whole recording. Structure only: what a Vec or a
// unique_ptr means is decode's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/int128.h"
#include "model/ids.h"

namespace situ {

enum class Language : std::uint8_t { unknown, c, cpp, rust, assembler };

enum class TypeKind : std::uint8_t {
  base,       // encoding says how to read the bytes
  pointer,    // target; Rust's Box, &T, &mut T, *const T differ only by name (debug-info.md §2)
  reference,  // C++ T&; target
  rvalue_reference,
  array,        // element, count (empty: unknown or flexible)
  record,       // struct, class, tuple, closure: fields
  union_type,   // fields, all at offset 0
  choice,       // a Rust enum with data: discriminant + variants
  enumeration,  // enumerators over `target` (the underlying type, if stated)
  alias,        // typedef and const/volatile: target
  function,     // subroutine type; has no values
  member_pointer,
  unspecified,  // nullptr_t, void-like, declaration-only
};

enum class Encoding : std::uint8_t {
  none,
  boolean,
  signed_int,
  unsigned_int,
  floating,
  character,
  utf,
  address
};

struct Field {
  std::string name;  // empty: anonymous member
  std::uint64_t offset = 0;
  TypeId type;
  // Bit-fields: width, and position counted from the least significant bit of the bytes at `offset`.
  std::optional<std::uint32_t> bit_size;
  std::uint32_t bit_position = 0;
  bool base_class = false;
  bool artificial = false;  // e.g. a vptr
  friend bool operator==(const Field&, const Field&) = default;
};

// A base class whose place in the object its vtable tells: the word `vtable_offset` bytes from where the
// object's first pointer points to is the base's offset (Itanium C++ ABI §2.5.2).
struct VirtualBase {
  TypeId type;
  std::int64_t vtable_offset = 0;
  friend bool operator==(const VirtualBase&, const VirtualBase&) = default;
};

// One variant of a Rust enum. Discriminants are at most 128 bits, zero- or sign-extended to the
// discriminant field's width as that field's type says (debug-info.md §6.2).
struct Variant {
  std::string name;
  std::optional<UInt128> discriminant;  // empty: the variant all other values mean
  TypeId type;
  std::uint64_t offset = 0;
  friend bool operator==(const Variant&, const Variant&) = default;
};

struct Enumerator {
  std::string name;
  Int128 value = 0;
  friend bool operator==(const Enumerator&, const Enumerator&) = default;
};

struct TemplateArgument {
  std::string name;            // "T"
  std::optional<TypeId> type;  // empty: a value argument
  friend bool operator==(const TemplateArgument&, const TemplateArgument&) = default;
};

struct Type {
  std::string
      name;  // as people write it: "i32", "alloc::vec::Vec<i32, ...>", "std::vector<int, ...>"; may be empty
  TypeKind kind = TypeKind::unspecified;
  Language language = Language::unknown;
  std::optional<std::uint64_t> size;  // bytes; empty: incomplete
  Encoding encoding = Encoding::none;
  std::optional<TypeId> target;   // pointer, reference, alias, enumeration; pointer without: void
  std::optional<TypeId> element;  // array
  std::optional<std::uint64_t> count;
  std::vector<Field> fields;                    // record, union_type; choice: those outside the variant part
  std::vector<VirtualBase> virtual_bases = {};  // record
  std::optional<Field> discriminant;            // choice; empty: a single inhabited variant
  std::vector<Variant> variants;
  std::vector<Enumerator> enumerators;
  std::vector<TemplateArgument> template_arguments;
  bool declaration_only = false;
  friend bool operator==(const Type&, const Type&) = default;
};

}  // namespace situ
