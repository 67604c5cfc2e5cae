#include "symbols/location_reader.h"

#include <algorithm>

namespace situ {
namespace {

constexpr int deepest_nesting = 4;
constexpr std::size_t most_entries = 10'000;

LocationExpression decode(Dwarf_Attribute attribute, const Dwarf_Op* ops, std::size_t count, int depth);

std::vector<std::byte> bytes_of(const void* data, std::size_t size) {
  const auto* first = static_cast<const std::byte*>(data);
  return {first, first + size};
}

// DW_OP_addrx and constx, by their index.
std::optional<std::uint64_t> indexed(Dwarf_Attribute attribute, const Dwarf_Op& op) {
  Dwarf_Attribute entry;
  if (dwarf_getlocation_attr(&attribute, &op, &entry) != 0) return std::nullopt;
  Dwarf_Addr address = 0;
  if (dwarf_formaddr(&entry, &address) == 0) return address;
  return unsigned_of(entry);
}

LocationExpression nested(Dwarf_Attribute attribute, const Dwarf_Op& op, int depth) {
  Dwarf_Attribute inner;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (depth >= deepest_nesting || dwarf_getlocation_attr(&attribute, &op, &inner) != 0) return {};
  if (dwarf_getlocation(&inner, &ops, &count) != 0) return {};
  return decode(inner, ops, count, depth + 1);
}

LocationOp decode_one(Dwarf_Attribute attribute, const Dwarf_Op& op, int depth) {
  LocationOp decoded{op.atom, op.number, op.number2, op.offset, {}, {}};
  switch (op.atom) {
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index:
    case DW_OP_constx:
    case DW_OP_GNU_const_index: {
      const bool address = op.atom == DW_OP_addrx || op.atom == DW_OP_GNU_addr_index;
      if (const auto value = indexed(attribute, op)) {
        decoded.atom = address ? DW_OP_addr : DW_OP_constu;
        decoded.number = *value;
      }
      break;
    }
    case DW_OP_implicit_value: {
      Dwarf_Block block;
      if (dwarf_getlocation_implicit_value(&attribute, &op, &block) == 0)
        decoded.block = bytes_of(block.data, block.length);
      decoded.number2 = 0;
      break;
    }
    case DW_OP_entry_value:
    case DW_OP_GNU_entry_value:
      decoded.nested = nested(attribute, op, depth);
      decoded.number2 = 0;
      break;
    case DW_OP_convert:
    case DW_OP_GNU_convert:
    case DW_OP_reinterpret:
    case DW_OP_GNU_reinterpret: {
      Dwarf_Die type;
      decoded.number = decoded.number2 = 0;
      if (op.number != 0 && dwarf_getlocation_die(&attribute, &op, &type) == 0) {
        decoded.number = unsigned_of(own_attribute(type, DW_AT_byte_size)).value_or(0);
        decoded.number2 = unsigned_of(own_attribute(type, DW_AT_encoding)).value_or(0);
      }
      break;
    }
    default:
      break;
  }
  return decoded;
}

LocationExpression decode(Dwarf_Attribute attribute, const Dwarf_Op* ops, std::size_t count, int depth) {
  LocationExpression expression;
  expression.reserve(count);
  for (std::size_t i = 0; i < count; ++i) expression.push_back(decode_one(attribute, ops[i], depth));
  return expression;
}

}  // namespace

std::vector<LocationEntry> read_locations(Dwarf_Attribute attribute) {
  std::vector<LocationEntry> entries;
  Dwarf_Addr base = 0, low = 0, high = 0;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  for (std::ptrdiff_t at = 0;
       (at = dwarf_getlocations(&attribute, at, &base, &low, &high, &ops, &count)) > 0;) {
    LocationEntry entry;
    if (low != 0 || high != ~Dwarf_Addr{0}) entry.range = FileRange{{low}, {high}};
    entry.expression = decode(attribute, ops, count, 0);
    entries.push_back(std::move(entry));
    if (entries.size() == most_entries) break;
  }
  // One expression without operations is how "optimized out" is written.
  if (entries.size() == 1 && !entries[0].range && entries[0].expression.empty()) entries.clear();
  return entries;
}

LocationExpression read_expression(Dwarf_Attribute attribute) {
  std::vector<LocationEntry> entries = read_locations(attribute);
  return entries.empty() ? LocationExpression{} : std::move(entries.front().expression);
}

LocationExpression expression_of_constant(Dwarf_Attribute attribute) {
  LocationOp op;
  op.atom = DW_OP_implicit_value;
  if (const auto text = string_of(attribute); text.data() != nullptr) {
    op.block = bytes_of(text.data(), text.size() + 1);
    return {op};
  }
  Dwarf_Block block;
  if (const auto constant = constant_of(attribute)) {
    op.block = bytes_of(&constant->bits, std::max(constant->size, 8U));
  } else if (dwarf_formblock(&attribute, &block) == 0) {
    op.block = bytes_of(block.data, block.length);
  } else {
    return {};
  }
  op.number = op.block.size();
  return {op};
}

}  // namespace situ
