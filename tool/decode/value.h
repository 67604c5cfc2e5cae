// A value as a person thinks of it, made from bytes and a type. Absence is data.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/int128.h"
#include "base/memory_reader.h"
#include "model/frame.h"
#include "model/recording.h"

namespace situ {

enum class ValueKind : std::uint8_t {
  integer,
  floating,
  boolean,
  character,
  text,
  record,
  sequence,
  choice,
  pointer,
  unit,
  unavailable
};
std::string_view value_kind_name(ValueKind kind);  // as in docs/json.md

enum class PointerKind : std::uint8_t { owner, shared, weak, borrow, raw };
std::string_view pointer_kind_name(PointerKind kind);

struct NamedValue;

// One shape for all kinds; which members mean something follows from `kind`.
struct Value {
  ValueKind kind = ValueKind::unavailable;
  std::string text;  // what a person reads: "5", "\"hi\"", "{x: 1, y: 2}", "Some(3)", "0x5555555592a0";
                     // UTF-8, no control characters
  TypeId type;
  std::uint64_t size = 0;
  std::optional<Int128> number;    // integer, bool 0/1, char code point (u128 above its maximum: text only)
  std::optional<double> floating;  // also `bits`
  std::string bits;                // floats: raw hex, most significant first
  std::vector<NamedValue> fields;  // record, choice with payload
  std::vector<Value> elements;     // sequence: the shown ones
  std::vector<std::uint64_t> indexes;             // of the shown elements, when some are left out
  std::optional<std::uint64_t> length, capacity;  // sequence, text
  bool cut = false;                               // more elements or bytes than shown
  std::string variant;                            // choice
  // pointer, and the pointer inside owners (Box, Vec, String, unique_ptr ...): where its word is and what it
  // holds.
  std::optional<Address> target;
  std::optional<std::uint64_t> pointer_offset;  // from the value's start
  PointerKind pointer_kind = PointerKind::raw;
  std::optional<TypeId> pointee;
  std::uint64_t pointee_count = 1;  // slices: how many elements the pointer covers
  bool empty_by_design = false;     // an empty Vec's or zero-sized Box's dangling pointer
  Why why = Why::none;              // unavailable
  bool unwritten = false;           // all bytes still hold the mark
};

struct NamedValue {
  std::string name;
  std::uint64_t offset = 0;
  Value value;
};

struct DecodeOptions {
  std::size_t elements = 25;  // shown of a sequence: first 10, middle 5, last 10
  std::size_t depth = 8;
  std::size_t string_bytes = 200;
  bool raw = false;    // every type by its fields, library types too
  bool bytes = false;  // views carry the bytes of their values
};

// Reads the value of `type` that begins at `bytes[0]`. `memory` is followed for what owners and fat pointers
// point to (strings, vectors); `at` is the value's own address where it has one (small strings point into
// themselves).
struct DecodeInput {
  const Recording& recording;
  const MemoryReader& memory;
  std::optional<Address> at;
  DecodeOptions options;
  // Where the tracer wrote the mark and the frame still lives: leaves that still hold it are unwritten.
  std::span<const AddressRange> marked = {};
};
Value decode_value(std::span<const std::byte> bytes, TypeId type, const DecodeInput& input);

// A value that could not be read: its text says why in words ("<optimized out>").
Value unavailable_value(Why why);

}  // namespace situ
