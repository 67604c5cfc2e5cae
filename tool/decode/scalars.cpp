#include "decode/scalars.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "decode/escape.h"
#include "decode/shapes.h"

namespace situ {
namespace {

std::string decimal(UInt128 value) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(digits);
  return digits;
}

std::string decimal(Int128 value) {
  if (value >= 0) return decimal(static_cast<UInt128>(value));
  return "-" + decimal(UInt128{0} - static_cast<UInt128>(value));
}

UInt128 low_bits(UInt128 value, std::uint64_t bits) {
  return bits >= 128 ? value : value & ((UInt128{1} << bits) - 1);
}

Int128 sign_extended(UInt128 value, std::uint64_t bits) {
  if (bits == 0 || bits >= 128) return static_cast<Int128>(value);
  const UInt128 sign = UInt128{1} << (bits - 1);
  return static_cast<Int128>((low_bits(value, bits) ^ sign) - sign);
}

void set_number(Value& value, UInt128 raw, std::uint64_t bits, bool is_signed) {
  if (is_signed) {
    value.number = sign_extended(raw, bits);
    value.text = decimal(*value.number);
  } else {
    raw = low_bits(raw, bits);
    if (raw >> 127 == 0) value.number = static_cast<Int128>(raw);
    value.text = decimal(raw);
  }
}

template <class Float>
std::string float_text(Float value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

template <class Float>
void set_float(Value& value, const std::array<std::byte, 16>& bytes) {
  Float number{};
  std::memcpy(&number, bytes.data(), sizeof number);
  value.floating = static_cast<double>(number);
  value.text = float_text(number);
}

// IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction.
float half_as_float(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const auto fraction = static_cast<float>(bits & 0x3ff);
  float value = 0;
  if (exponent == 0x1f) {
    value = fraction == 0 ? INFINITY : NAN;
  } else if (exponent == 0) {
    value = std::ldexp(fraction, -24);
  } else {
    value = std::ldexp(fraction + 1024, exponent - 25);
  }
  return bits >> 15 ? -value : value;
}

void set_floating(Value& value, const Type& type, const std::array<std::byte, 16>& bytes,
                  std::uint64_t size) {
  value.kind = ValueKind::floating;
  // x87's extended format fills 10 of its 16 bytes; the rest is padding.
  const bool extended = size == 16 && type.name.find("128") == std::string::npos;
  for (std::size_t i = extended ? 10 : size; i-- > 0;) {
    value.bits += fmt::format("{:02x}", std::to_integer<unsigned>(bytes[i]));
  }
  if (size == 2 && type.name.find("bf") == std::string::npos) {
    std::uint16_t half = 0;
    std::memcpy(&half, bytes.data(), sizeof half);
    value.floating = half_as_float(half);
    value.text = float_text(half_as_float(half));
  } else if (size == 4) {
    set_float<float>(value, bytes);
  } else if (size == 8) {
    set_float<double>(value, bytes);
  } else if (extended) {
    set_float<long double>(value, bytes);
  } else {
    value.text = "0x" + value.bits;
  }
}

void set_character(Value& value, const Type& type, UInt128 raw, std::uint64_t bits) {
  const auto code = static_cast<char32_t>(low_bits(raw, std::min<std::uint64_t>(bits, 32)));
  if (type.language == Language::rust || type.encoding == Encoding::utf || bits > 8) {
    value.kind = ValueKind::character;
    value.number = static_cast<Int128>(code);
    value.text = quoted_character(code);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) value.text += " (not a character)";
    return;
  }
  const bool is_unsigned = type.name.starts_with("unsigned");
  set_number(value, raw, bits, !is_unsigned);
  value.kind = ValueKind::integer;
  if (type.name != "char") return;
  value.kind = ValueKind::character;
  const std::byte byte{static_cast<std::uint8_t>(raw)};
  const std::string shown = code < 0x80
                                ? quoted_character(code)
                                : fmt::format("'{}'", std::string_view(quoted({&byte, 1})).substr(1, 4));
  value.text = shown + " " + value.text;
}

// Flags: every enumerator is a bit of its own (or nothing), and they make up the whole value.
std::optional<std::string> flags_text(const Type& type, UInt128 raw) {
  UInt128 seen = 0;
  std::string text;
  for (const Enumerator& e : type.enumerators) {
    const auto bit = static_cast<UInt128>(e.value);
    if (bit == 0) continue;
    if ((bit & (bit - 1)) != 0 || (seen & bit) != 0) return std::nullopt;
    seen |= bit;
    if ((raw & bit) != 0) text += (text.empty() ? "" : " | ") + printable(e.name);
  }
  if (raw == 0 || (raw & ~seen) != 0) return std::nullopt;
  return text;
}

void set_enumeration(Value& value, const Recording& recording, const Type& type, UInt128 raw,
                     std::uint64_t bits) {
  const bool negative =
      std::ranges::any_of(type.enumerators, [](const Enumerator& e) { return e.value < 0; });
  const Encoding encoding =
      type.target ? recording.at(without_aliases(recording, *type.target)).encoding : Encoding::none;
  const bool is_signed =
      type.target ? encoding == Encoding::signed_int || (encoding == Encoding::character && negative)
                  : negative;
  set_number(value, raw, bits, is_signed);
  value.kind = ValueKind::choice;
  raw = low_bits(raw, bits);
  for (const Enumerator& e : type.enumerators) {
    if (low_bits(static_cast<UInt128>(e.value), bits) != raw) continue;
    value.text = value.variant = printable(e.name);
    return;
  }
  if (const auto flags = flags_text(type, raw)) {
    value.text = value.variant = *flags;
  } else {
    value.kind = ValueKind::integer;  // no enumerator has this value
  }
}

}  // namespace

bool is_scalar(const Type& type) {
  return type.kind == TypeKind::enumeration || type.kind == TypeKind::member_pointer ||
         (type.kind == TypeKind::base && type.size.value_or(0) > 0);
}

bool is_plain_char(const Recording& recording, TypeId type) {
  const Type& t = recording.at(without_aliases(recording, type));
  return t.kind == TypeKind::base && t.encoding == Encoding::character && t.size == 1 && t.name == "char" &&
         t.language != Language::rust;
}

std::optional<Value> decode_scalar(const Recording& recording, const Type& type, const Bytes& bytes,
                                   const Field* bit_field) {
  Value value;
  value.size = type.size.value_or(0);
  std::uint64_t bits = value.size * 8;
  std::uint64_t width = value.size;
  std::uint32_t position = 0;
  if (width > 16) return unavailable_value(Why::unsupported_expression);
  if (bit_field && bit_field->bit_size) {
    position = bit_field->bit_position;
    bits = std::min<std::uint64_t>(*bit_field->bit_size, 128);
    width = std::min<std::uint64_t>((position + bits + 7) / 8, 16);
  }
  const auto loaded = bytes.number(0, width);
  if (!loaded) return std::nullopt;
  const UInt128 raw = position < 128 ? *loaded >> position : 0;
  value.kind = ValueKind::integer;
  if (type.kind == TypeKind::enumeration) {
    set_enumeration(value, recording, type, raw, bits);
    return value;
  }
  if (type.kind == TypeKind::member_pointer) {
    set_number(value, raw, std::min<std::uint64_t>(bits, 64), true);
    return value;
  }
  switch (type.encoding) {
    case Encoding::boolean:
      set_number(value, raw, bits, false);
      if (value.number == 0 || value.number == 1) {
        value.kind = ValueKind::boolean;
        value.text = value.number == 0 ? "false" : "true";
      } else {
        value.text += " (not a bool)";
      }
      break;
    case Encoding::signed_int:
      set_number(value, raw, bits, true);
      break;
    case Encoding::floating:
      set_floating(value, type, std::bit_cast<std::array<std::byte, 16>>(raw), value.size);
      break;
    case Encoding::character:
    case Encoding::utf:
      set_character(value, type, raw, bits);
      break;
    case Encoding::none:
      value.text = fmt::format("0x{:x}{:016x}", static_cast<std::uint64_t>(raw >> 64),
                               static_cast<std::uint64_t>(raw));
      break;
    default:
      set_number(value, raw, bits, false);
  }
  return value;
}

}  // namespace situ
