#include "symbols/die.h"

#include <cstring>

namespace situ {
namespace {
constexpr int longest_chain = 16;
constexpr std::size_t most_ranges = 100'000;
}  // namespace

std::optional<Dwarf_Attribute> own_attribute(Dwarf_Die die, unsigned name) {
  Dwarf_Attribute found;
  if (dwarf_attr(&die, name, &found) == nullptr) return std::nullopt;
  return found;
}

std::optional<Dwarf_Attribute> attribute(Dwarf_Die die, unsigned name) {
  for (int i = 0; i < longest_chain; ++i) {
    if (auto found = own_attribute(die, name)) return found;
    auto next = die_of(own_attribute(die, DW_AT_abstract_origin));
    if (!next) next = die_of(own_attribute(die, DW_AT_specification));
    if (!next) return std::nullopt;
    die = *next;
  }
  return std::nullopt;
}

std::string_view string_of(const std::optional<Dwarf_Attribute>& attribute) {
  if (!attribute) return {};
  Dwarf_Attribute copy = *attribute;
  const char* text = dwarf_formstring(&copy);
  return text == nullptr ? std::string_view{} : std::string_view(text);
}

std::optional<std::uint64_t> unsigned_of(const std::optional<Dwarf_Attribute>& attribute) {
  if (!attribute) return std::nullopt;
  Dwarf_Attribute copy = *attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(&copy, &value) != 0) return std::nullopt;
  return value;
}

bool flag(Dwarf_Die die, unsigned name) {
  auto found = attribute(die, name);
  bool value = false;
  return found && dwarf_formflag(&*found, &value) == 0 && value;
}

std::optional<Dwarf_Die> die_of(const std::optional<Dwarf_Attribute>& attribute) {
  if (!attribute) return std::nullopt;
  Dwarf_Attribute copy = *attribute;
  Dwarf_Die die;
  if (dwarf_formref_die(&copy, &die) == nullptr) return std::nullopt;
  return die;
}

std::string_view own_name(Dwarf_Die die) {
  return string_of(own_attribute(die, DW_AT_name));
}

std::optional<Dwarf_Die> type_of(Dwarf_Die die) {
  return die_of(attribute(die, DW_AT_type));
}

Dwarf_Die declaration_of(Dwarf_Die die) {
  for (int i = 0; i < longest_chain; ++i) {
    auto next = die_of(own_attribute(die, DW_AT_abstract_origin));
    if (!next) next = die_of(own_attribute(die, DW_AT_specification));
    if (!next) break;
    die = *next;
  }
  return die;
}

std::vector<Dwarf_Die> children(Dwarf_Die die) {
  std::vector<Dwarf_Die> found;
  Dwarf_Die child;
  if (dwarf_child(&die, &child) != 0) return found;
  do {
    found.push_back(child);
  } while (dwarf_siblingof(&child, &child) == 0);
  return found;
}

std::vector<FileRange> code_ranges(Dwarf_Die die) {
  std::vector<FileRange> ranges;
  Dwarf_Addr base = 0, low = 0, high = 0;
  for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &low, &high)) > 0;) {
    if (low != 0 && low < high) ranges.push_back({{low}, {high}});
    if (ranges.size() == most_ranges) break;
  }
  return ranges;
}

std::optional<Constant> constant_of(const std::optional<Dwarf_Attribute>& attribute) {
  if (!attribute) return std::nullopt;
  Dwarf_Attribute copy = *attribute;
  Constant constant;
  switch (dwarf_whatform(&copy)) {
    case DW_FORM_data1:
      constant.size = 1;
      break;
    case DW_FORM_data2:
      constant.size = 2;
      break;
    case DW_FORM_data4:
      constant.size = 4;
      break;
    case DW_FORM_data8:
    case DW_FORM_udata:
      constant.size = 8;
      break;
    case DW_FORM_sdata:
    case DW_FORM_implicit_const: {
      Dwarf_Sword value = 0;
      if (dwarf_formsdata(&copy, &value) != 0) return std::nullopt;
      return Constant{static_cast<UInt128>(static_cast<Int128>(value)), 8, true};
    }
    case DW_FORM_data16:
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4: {
      Dwarf_Block block;
      if (dwarf_formblock(&copy, &block) != 0 || block.length > sizeof constant.bits) return std::nullopt;
      std::memcpy(&constant.bits, block.data, block.length);
      constant.size = static_cast<unsigned>(block.length);
      return constant;
    }
    default:
      return std::nullopt;
  }
  Dwarf_Word value = 0;
  if (dwarf_formudata(&copy, &value) != 0) return std::nullopt;
  constant.bits = value;
  if (constant.size < 8) constant.bits &= (UInt128{1} << (constant.size * 8)) - 1;
  return constant;
}

UInt128 sign_extend(UInt128 value, unsigned from_bytes) {
  if (from_bytes == 0 || from_bytes >= sizeof value) return value;
  const unsigned unused = (static_cast<unsigned>(sizeof value) - from_bytes) * 8;
  return static_cast<UInt128>(static_cast<Int128>(value << unused) >> unused);
}

Dwarf_Die unit_of(Dwarf_Die die) {
  Dwarf_Die unit{};
  dwarf_diecu(&die, &unit, nullptr, nullptr);
  return unit;
}

Language language_of(Dwarf_Die unit) {
  switch (unsigned_of(own_attribute(unit, DW_AT_language)).value_or(0)) {
    case DW_LANG_Rust:
      return Language::rust;
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case DW_LANG_ObjC:
      return Language::c;
    case DW_LANG_C_plus_plus:
    case DW_LANG_C_plus_plus_03:
    case DW_LANG_C_plus_plus_11:
    case DW_LANG_C_plus_plus_14:
    case 0x2b:  // C++17, C++20, C17: newer than this libdw
    case 0x2d:
      return Language::cpp;
    case 0x2c:
      return Language::c;
    case DW_LANG_Mips_Assembler:
      return Language::assembler;
    default:
      return Language::unknown;
  }
}

}  // namespace situ
