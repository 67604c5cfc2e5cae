// One decoding of one value: carries the limits on depth and on the number of parts, so that hostile and
// cyclic data end, and what is left out is marked as cut.
#pragma once

#include "decode/bytes.h"
#include "decode/containers.h"
#include "decode/owner.h"
#include "decode/value.h"

namespace situ {

class Decoding {
 public:
  explicit Decoding(const DecodeInput& input) : input_(input), recording_(input.recording) {}

  Value value(const Bytes& bytes, TypeId type, std::size_t depth = 0);
  // `count` elements of `element` that begin at bytes[0].
  Value elements(const Bytes& bytes, TypeId element, std::uint64_t count, std::size_t depth = 0);
  // The elements of an array, as text where they are text; `type.count` says how many there are.
  Value array(const Bytes& bytes, const Type& type, std::size_t depth = 0);
  // `length` bytes of text that begin at bytes[0].
  Value text(const Bytes& bytes, std::uint64_t length);

 private:
  Value by_kind(const Bytes& bytes, TypeId id, const Type& type, std::size_t depth);
  Value scalar(const Bytes& bytes, const Type& type, const Field* bit_field = nullptr);
  Value pointer(const Bytes& bytes, const Type& type);
  Value record(const Bytes& bytes, const Type& type, std::size_t depth);
  Value choice(const Bytes& bytes, const Type& type, std::size_t depth);
  Value shaped(const Bytes& bytes, const Type& type, const Shape& shape, std::size_t depth);
  Value counted(const Bytes& bytes, const Shape& shape, const Owner& owner, std::size_t depth);
  std::optional<TypeId> dyn_type(const Bytes& bytes, const Shape& shape) const;
  Value owned(const Bytes& bytes, const Shape& shape, const Owner& owner, std::size_t depth);
  Value contained(const ContainerView& view, std::size_t depth);
  // decoding_cpp.cpp
  Value cpp_record(const Bytes& bytes, const Type& type, std::size_t depth);
  Value object(const Bytes& bytes, const Type& type, std::size_t depth);
  std::optional<std::uint64_t> offset_in_object(const Bytes& bytes, const Type& type,
                                                const Type& actual) const;
  std::string_view class_of_object(const Bytes& bytes, const Type& type) const;
  Value member_pointer(const Bytes& bytes, const Type& type);
  Value member_named(Value value, TypeId holder, std::uint64_t offset) const;
  Value complex_number(const Bytes& bytes, const Type& type);
  Value wide_text(const Bytes& bytes, TypeId element, std::uint64_t count);
  std::optional<std::string> wide_string(Address at, TypeId element) const;
  std::vector<char32_t> wide_units(const Bytes& bytes, std::uint64_t width, std::uint64_t count) const;

  Value contained_same(const ContainerView& view, std::size_t depth);
  Value contained_parts(const ContainerView& view, std::size_t depth);
  Value contained_entries(const ContainerView& view, std::size_t depth);
  void add_virtual_bases(Value& into, const Bytes& bytes, const Type& type, std::uint64_t offset,
                         std::size_t depth);
  void add_fields(Value& into, const Bytes& bytes, const Type& type, std::uint64_t offset, std::size_t depth);
  std::optional<std::string> c_string(Address at) const;
  std::string symbol_text(Address at) const;
  bool holds_mark(const Bytes& bytes, std::uint64_t size) const;
  bool exhausted() const { return parts_ > parts_limit; }

  static constexpr std::size_t parts_limit = 2000;

  const DecodeInput& input_;
  const Recording& recording_;
  std::size_t parts_ = 0;
  bool all_unwritten_ = false;  // inside a value all of whose bytes hold the mark
  // The object of a class with virtual functions that is being decoded: its bases' vptrs say the same class.
  std::optional<AddressRange> object_;
  std::string_view object_class_;
  std::vector<Address> virtual_bases_;  // of that object, shown already: each is one part of it
};

// "{x: 1, y: 2}", "(1, 2.5)", "Some(3)" of the fields' own texts.
std::string record_text(const Type& type, std::string_view name, const std::vector<NamedValue>& fields);
// The variant the bytes mean; null when none does.
const Variant* active_variant(const Recording& recording, const Type& choice, const Bytes& bytes);
// C's and C++'s character types wider than char, and char8_t.
bool is_wide_character(const Recording& recording, TypeId type);
// Which of `count` elements are shown: all, or the first ones, some of the middle and the last ones.
std::vector<std::uint64_t> shown_elements(std::uint64_t count, std::size_t limit);

}  // namespace situ
