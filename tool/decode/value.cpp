#include "decode/value.h"

#include <array>

#include "decode/decoding.h"

namespace situ {

std::string_view value_kind_name(ValueKind kind) {
  static constexpr std::array<std::string_view, 11> names = {"integer", "float",  "bool",       "char",
                                                             "text",    "record", "sequence",   "choice",
                                                             "pointer", "unit",   "unavailable"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view pointer_kind_name(PointerKind kind) {
  static constexpr std::array<std::string_view, 5> names = {"owner", "shared", "weak", "borrow", "raw"};
  return names[static_cast<std::size_t>(kind)];
}

Value unavailable_value(Why why) {
  static constexpr std::array<std::string_view, 7> words = {
      "<unknown>",      "<optimized out>",        "<not in scope here>", "<entry value unknown>",
      "<not captured>", "<unsupported location>", "<incomplete type>"};
  Value value;
  value.why = why;
  value.text = words[static_cast<std::size_t>(why)];
  return value;
}

Value decode_value(std::span<const std::byte> bytes, TypeId type, const DecodeInput& input) {
  return Decoding(input).value(Bytes(bytes, input.at, input.memory), type);
}

}  // namespace situ
