// Structs, classes, unions and Rust's enums: fields, bit-fields, bases, variants.
#include <algorithm>

#include "symbols/type_reader.h"

namespace situ {
namespace {

constexpr int deepest_uninhabited = 6;

std::optional<std::uint64_t> number(Dwarf_Die die, unsigned name) {
  const auto constant = constant_of(own_attribute(die, name));
  return constant ? std::optional(static_cast<std::uint64_t>(constant->bits)) : std::nullopt;
}

// The member's offset in bytes; empty: it depends on the object (a virtual base).
std::optional<std::uint64_t> member_offset(Dwarf_Die member) {
  auto location = own_attribute(member, DW_AT_data_member_location);
  if (!location) return 0;
  const unsigned form = dwarf_whatform(&*location);
  if (form != DW_FORM_exprloc && form != DW_FORM_block1 && form != DW_FORM_block) {
    const auto constant = constant_of(location);
    return constant ? std::optional(static_cast<std::uint64_t>(constant->bits)) : std::nullopt;
  }
  // DWARF 2 and 3 wrote constants as plus_uconst.
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(&*location, &ops, &count) == 0 && count == 1 && ops[0].atom == DW_OP_plus_uconst)
    return ops[0].number;
  return std::nullopt;
}

// Where the vtable holds a virtual base's offset. The location begins with the object's address: dup, deref
// (the vtable), a constant, minus or plus, deref (the offset), plus.
std::optional<std::int64_t> virtual_base_offset(Dwarf_Die inheritance) {
  auto location = own_attribute(inheritance, DW_AT_data_member_location);
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (!location || dwarf_getlocation(&*location, &ops, &count) != 0 || count != 6) return std::nullopt;
  const bool around = ops[0].atom == DW_OP_dup && ops[1].atom == DW_OP_deref && ops[4].atom == DW_OP_deref &&
                      ops[5].atom == DW_OP_plus;
  const std::uint8_t atom = ops[2].atom, sign = ops[3].atom;
  const bool literal = atom >= DW_OP_lit0 && atom <= DW_OP_lit31;
  const bool constant = atom == DW_OP_constu || atom == DW_OP_consts || atom == DW_OP_const1u ||
                        atom == DW_OP_const2u || atom == DW_OP_const4u || atom == DW_OP_const8u;
  if (!around || (!literal && !constant) || (sign != DW_OP_minus && sign != DW_OP_plus)) return std::nullopt;
  const std::uint64_t value = literal ? atom - std::uint64_t{DW_OP_lit0} : ops[2].number;
  return static_cast<std::int64_t>(sign == DW_OP_minus ? 0 - value : value);
}

}  // namespace

Type TypeReader::record(Dwarf_Die die, TypeKind kind) {
  Type type;
  type.kind = kind;
  type.size = size(die);
  type.declaration_only = own_attribute(die, DW_AT_declaration).has_value();
  for (Dwarf_Die child : children(die)) {
    switch (dwarf_tag(&child)) {
      case DW_TAG_inheritance:
        if (const auto offset = virtual_base_offset(child)) {
          if (const auto base = type_of(child)) type.virtual_bases.push_back({id_of(*base), *offset});
          break;
        }
        [[fallthrough]];
      case DW_TAG_member:
        if (auto found = field(child)) type.fields.push_back(std::move(*found));
        break;
      case DW_TAG_variant_part:
        type.kind = TypeKind::choice;
        add_variants(child, type);
        break;
      case DW_TAG_template_type_parameter:
      case DW_TAG_template_value_parameter:
        add_template_argument(child, type);
        break;
      case DW_TAG_GNU_template_parameter_pack:
        for (const Dwarf_Die& packed : children(child)) add_template_argument(packed, type);
        break;
      default:
        break;
    }
  }
  return type;
}

void TypeReader::add_template_argument(Dwarf_Die die, Type& type) {
  TemplateArgument argument{std::string(own_name(die)), std::nullopt};
  if (dwarf_tag(&die) == DW_TAG_template_type_parameter) argument.type = target_of(die);
  type.template_arguments.push_back(std::move(argument));
}

std::optional<Field> TypeReader::field(Dwarf_Die member) {
  // Static data members are declared inside the class and live elsewhere.
  if (own_attribute(member, DW_AT_external) || own_attribute(member, DW_AT_declaration)) return std::nullopt;
  const auto type = type_of(member);
  const auto offset = member_offset(member);
  if (!type || !offset) return std::nullopt;
  Field field;
  field.name = own_name(member);
  field.offset = *offset;
  field.type = id_of(*type);
  field.base_class = dwarf_tag(&member) == DW_TAG_inheritance;
  field.artificial = flag(member, DW_AT_artificial);
  if (field.base_class) field.name = names_.type(*type);
  set_bits(member, field);
  return field;
}

void TypeReader::set_bits(Dwarf_Die member, Field& field) {
  const auto bits = number(member, DW_AT_bit_size);
  if (!bits || *bits > 128) return;
  field.bit_size = static_cast<std::uint32_t>(*bits);
  const auto type = type_of(member);
  const std::uint64_t unit = number(member, DW_AT_byte_size).value_or(type ? size(*type).value_or(1) : 1);
  if (const auto from_start = number(member, DW_AT_data_bit_offset)) {
    // DWARF 5 §5.7.6: counted from the start of the record.
    const std::uint64_t unit_bits = std::max<std::uint64_t>(unit, 1) * 8;
    field.offset = *from_start / unit_bits * (unit_bits / 8);
    std::uint64_t position = *from_start - field.offset * 8;
    if (position + *bits > unit_bits) {  // packed: it crosses a storage unit
      field.offset = *from_start / 8;
      position = *from_start % 8;
    }
    field.bit_position = static_cast<std::uint32_t>(position);
    return;
  }
  // DWARF 2: bit_offset counts from the most significant bit of the storage unit (debug-info.md §2). It is
  // negative, as a two's complement, where the field reaches past the unit.
  const auto from_top = number(member, DW_AT_bit_offset);
  if (!from_top) return;
  const auto position = static_cast<std::int64_t>(unit * 8 - *from_top - *bits);
  if (position >= 0) field.bit_position = static_cast<std::uint32_t>(position);
}

void TypeReader::add_variants(Dwarf_Die part, Type& type) {
  unsigned width = 0;
  bool is_signed = false;
  if (const auto discriminant = die_of(own_attribute(part, DW_AT_discr))) {
    type.discriminant = field(*discriminant);
    if (const auto of = type_of(*discriminant)) {
      width = static_cast<unsigned>(std::min<std::uint64_t>(size(*of).value_or(0), 16));
      is_signed = unsigned_of(own_attribute(*of, DW_AT_encoding)) == DW_ATE_signed;
    }
  }
  for (Dwarf_Die variant : children(part)) {
    if (dwarf_tag(&variant) != DW_TAG_variant) continue;
    for (Dwarf_Die member : children(variant)) {
      const auto of = type_of(member);
      const auto offset = member_offset(member);
      if (dwarf_tag(&member) != DW_TAG_member || !of || !offset) continue;
      // Without a discriminant only one variant can be; the others hold a type without values.
      if (!type.discriminant && uninhabited(*of, 0)) continue;
      Variant found{std::string(own_name(member)), std::nullopt, id_of(*of), *offset};
      if (const auto value = constant_of(own_attribute(variant, DW_AT_discr_value))) {
        UInt128 bits = value->bits;
        // The form is the smallest that holds it (debug-info.md §6.2).
        if (is_signed && !value->is_signed) bits = sign_extend(bits, value->size);
        if (width != 0 && width < 16) bits &= (UInt128{1} << (width * 8)) - 1;
        found.discriminant = bits;
      }
      type.variants.push_back(std::move(found));
    }
  }
}

bool TypeReader::uninhabited(Dwarf_Die die, int depth) {
  if (depth > deepest_uninhabited) return false;
  const int tag = dwarf_tag(&die);
  if (tag == DW_TAG_base_type) return own_name(die) == "!";
  if (tag != DW_TAG_structure_type) return false;
  for (Dwarf_Die child : children(die)) {
    const int child_tag = dwarf_tag(&child);
    if (child_tag == DW_TAG_variant_part) {
      const auto variants = children(child);
      return std::none_of(variants.begin(), variants.end(),
                          [](Dwarf_Die variant) { return dwarf_tag(&variant) == DW_TAG_variant; });
    }
    const auto type = child_tag == DW_TAG_member ? type_of(child) : std::nullopt;
    if (type && uninhabited(*type, depth + 1)) return true;
  }
  return false;
}

}  // namespace situ
