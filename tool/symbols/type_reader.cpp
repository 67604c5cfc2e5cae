#include "symbols/type_reader.h"

namespace situ {
namespace {

constexpr int deepest_type = 32;
constexpr std::uint64_t pointer_size = 8;

Encoding encoding_of(Dwarf_Die die) {
  switch (unsigned_of(own_attribute(die, DW_AT_encoding)).value_or(0)) {
    case DW_ATE_boolean:
      return Encoding::boolean;
    case DW_ATE_signed:
      return Encoding::signed_int;
    case DW_ATE_unsigned:
      return Encoding::unsigned_int;
    case DW_ATE_float:
      return Encoding::floating;
    case DW_ATE_signed_char:
    case DW_ATE_unsigned_char:
      return Encoding::character;
    case DW_ATE_UTF:
      return Encoding::utf;
    case DW_ATE_address:
      return Encoding::address;
    default:
      return Encoding::none;
  }
}

bool is_record(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

}  // namespace

TypeId TypeReader::read(Dwarf_Die die) {
  const TypeId id = id_of(die);
  while (!pending_.empty()) {
    const Pending next = pending_.front();
    pending_.pop_front();
    define(next);
  }
  return id;
}

TypeId TypeReader::id_of(Dwarf_Die die) {
  const void* met_as = die.addr;
  if (const auto found = ids_.find(met_as); found != ids_.end()) return found->second;
  die = completed(die);
  if (const auto found = ids_.find(die.addr); found != ids_.end()) {
    const TypeId id = found->second;
    ids_.emplace(met_as, id);
    return id;
  }
  std::string spelled = identity(die, 0);
  const std::optional<TypeId> known = spelled.empty() ? std::nullopt : table_.find(spelled);
  const TypeId id = known ? *known : table_.reserve();
  ids_.emplace(met_as, id);
  ids_.emplace(die.addr, id);
  if (known) return id;
  if (!spelled.empty()) table_.remember(std::move(spelled), id);
  pending_.push_back({id, die, 0});
  return id;
}

std::optional<TypeId> TypeReader::target_of(Dwarf_Die die) {
  const auto target = type_of(die);
  return target ? std::optional(id_of(*target)) : std::nullopt;
}

Dwarf_Die TypeReader::completed(Dwarf_Die die) {
  if (const auto signature = die_of(own_attribute(die, DW_AT_signature))) return *signature;
  if (!is_record(dwarf_tag(&die)) && dwarf_tag(&die) != DW_TAG_enumeration_type) return die;
  const std::string_view name = own_name(die);
  if (!own_attribute(die, DW_AT_declaration) || name.empty()) return die;
  const std::string wanted = names_.qualified(die);
  const Unit* own = units_.holding(die);
  for (const auto& unit : units_.all()) {
    // Units that nobody asked about stay unread: a library's, of another language.
    if (unit->library || (own != nullptr && unit->language != own->language)) continue;
    const auto [first, last] = unit->contents().complete_types.equal_range(name);
    for (auto found = first; found != last; ++found)
      if (names_.qualified(found->second) == wanted) return found->second;
  }
  return die;
}

// What two units' DIEs have in common when they are one type; empty: never shared. A record's members are
// compared by their types' names only, so this needs no deep walk.
std::string TypeReader::identity(Dwarf_Die die, int depth) {
  if (depth > deepest_type) return {};
  const int tag = dwarf_tag(&die);
  const std::string start =
      std::to_string(tag) + ":" + std::to_string(static_cast<int>(language_of(unit_of(die)))) + ":";
  const std::string_view name = own_name(die);
  const std::string bytes =
      ":" + std::to_string(unsigned_of(own_attribute(die, DW_AT_byte_size)).value_or(0)) + ":";
  if (is_record(tag) || tag == DW_TAG_enumeration_type) {
    if (own_attribute(die, DW_AT_declaration)) return {};
    std::string spelled = start + names_.qualified(die) + bytes;
    if (name.empty() || spelled.find("{struct}") != std::string::npos) return {};
    for (const Dwarf_Die& member : children(die)) {
      Dwarf_Die copy = member;
      const int member_tag = dwarf_tag(&copy);
      if (member_tag != DW_TAG_member && member_tag != DW_TAG_inheritance &&
          member_tag != DW_TAG_enumerator && member_tag != DW_TAG_template_type_parameter &&
          member_tag != DW_TAG_variant_part)
        continue;
      spelled += std::string(own_name(member)) + "@";
      if (const auto offset = constant_of(own_attribute(member, DW_AT_data_member_location)))
        spelled += std::to_string(static_cast<std::uint64_t>(offset->bits));
      if (const auto value = constant_of(own_attribute(member, DW_AT_const_value)))
        spelled += std::to_string(static_cast<std::uint64_t>(value->bits));
      if (const auto type = type_of(member)) spelled += " " + names_.type(*type);
      spelled += ";";
    }
    return spelled;
  }
  const auto target = type_of(die);
  std::string of_target = target ? identity(*target, depth + 1) : std::string("void");
  switch (tag) {
    case DW_TAG_base_type:
    case DW_TAG_unspecified_type:
      return start + std::string(name) + bytes +
             std::to_string(unsigned_of(own_attribute(die, DW_AT_encoding)).value_or(0));
    case DW_TAG_array_type: {
      std::string spelled = start + of_target;
      for (const auto& count : array_counts(die)) {
        if (!count) return {};
        spelled += "[" + std::to_string(*count);
      }
      return of_target.empty() ? of_target : spelled;
    }
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
      return of_target.empty() ? of_target : start + std::string(name) + "->" + of_target;
    case DW_TAG_typedef:
      return of_target.empty() ? of_target : start + names_.qualified(die) + "->" + of_target;
    default:
      return {};
  }
}

std::optional<std::uint64_t> TypeReader::size(Dwarf_Die die) {
  return size_at_depth(die, 0);
}

std::optional<std::uint64_t> TypeReader::size_at_depth(Dwarf_Die die, int depth) {
  if (depth > deepest_type) return std::nullopt;
  die = completed(die);
  if (const auto stated = unsigned_of(own_attribute(die, DW_AT_byte_size))) return stated;
  const auto target = type_of(die);
  switch (dwarf_tag(&die)) {
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
      return pointer_size;
    case DW_TAG_ptr_to_member_type: {
      Dwarf_Die member = target.value_or(Dwarf_Die{});
      // Itanium C++ ABI §2.3: a member function pointer is a pair.
      return target && dwarf_tag(&member) == DW_TAG_subroutine_type ? 2 * pointer_size : pointer_size;
    }
    case DW_TAG_unspecified_type:
      // std::nullptr_t is as large as a pointer, which DWARF does not say.
      return own_name(die).find("nullptr") != std::string_view::npos ? std::optional(pointer_size)
                                                                     : std::nullopt;
    case DW_TAG_array_type: {
      auto total = target ? size_at_depth(*target, depth + 1) : std::nullopt;
      const auto counts = array_counts(die);
      if (counts.empty()) return std::nullopt;
      for (const auto& count : counts) {
        std::uint64_t product = 0;
        if (!total || !count || __builtin_mul_overflow(*total, *count, &product)) return std::nullopt;
        total = product;
      }
      return total;
    }
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_subrange_type:
      return target ? size_at_depth(*target, depth + 1) : std::nullopt;
    default:
      return std::nullopt;
  }
}

void TypeReader::define(const Pending& pending) {
  Dwarf_Die die = pending.die;
  Type type;
  switch (dwarf_tag(&die)) {
    case DW_TAG_base_type:
      type = base_type(die);
      break;
    case DW_TAG_pointer_type:
      type = pointer(die, TypeKind::pointer);
      break;
    case DW_TAG_reference_type:
      type = pointer(die, TypeKind::reference);
      break;
    case DW_TAG_rvalue_reference_type:
      type = pointer(die, TypeKind::rvalue_reference);
      break;
    case DW_TAG_array_type:
      type = array(pending);
      break;
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
      type = record(die, TypeKind::record);
      break;
    case DW_TAG_union_type:
      type = record(die, TypeKind::union_type);
      break;
    case DW_TAG_enumeration_type:
      type = enumeration(die);
      break;
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_atomic_type:
      type = alias(die);
      break;
    case DW_TAG_subroutine_type:
      type.kind = TypeKind::function;
      type.target = target_of(die);
      break;
    case DW_TAG_ptr_to_member_type:
      type = member_pointer(die);
      break;
    default:
      type.kind = TypeKind::unspecified;
      type.size = size(die);
  }
  if (type.name.empty()) type.name = names_.type(die);
  type.language = language_of(unit_of(die));
  table_.define(pending.id, std::move(type));
}

Type TypeReader::base_type(Dwarf_Die die) {
  Type type;
  type.kind = TypeKind::base;
  type.encoding = encoding_of(die);
  type.size = size(die);
  return type;
}

Type TypeReader::pointer(Dwarf_Die die, TypeKind kind) {
  Type type;
  type.kind = kind;
  type.size = size(die);
  type.target = target_of(die);
  return type;
}

Type TypeReader::member_pointer(Dwarf_Die die) {
  return pointer(die, TypeKind::member_pointer);
}

Type TypeReader::alias(Dwarf_Die die) {
  return pointer(die, TypeKind::alias);
}

// int[2][3] is an array of 2 of arrays of 3: each dimension but the last has a type of its own in between.
Type TypeReader::array(const Pending& pending) {
  const auto counts = array_counts(pending.die);
  const auto element = type_of(pending.die);
  Type type;
  type.kind = TypeKind::array;
  if (pending.dimension < counts.size()) type.count = counts[pending.dimension];
  if (element) {
    auto total = size(*element);
    std::string name = names_.type(*element);
    for (std::size_t i = counts.size(); i > pending.dimension; --i) {
      std::uint64_t product = 0;
      const auto& count = counts[i - 1];
      const bool fits = total && count && !__builtin_mul_overflow(*total, *count, &product);
      total = fits ? std::optional(product) : std::nullopt;
    }
    if (!counts.empty()) type.size = total;
    if (pending.dimension > 0) {
      for (std::size_t i = pending.dimension; i < counts.size(); ++i)
        name += "[" + (counts[i] ? std::to_string(*counts[i]) : std::string()) + "]";
      type.name = std::move(name);
    }
  }
  if (pending.dimension + 1 < counts.size()) {
    type.element = table_.reserve();
    pending_.push_back({*type.element, pending.die, pending.dimension + 1});
  } else if (element) {
    type.element = id_of(*element);
  }
  return type;
}

Type TypeReader::enumeration(Dwarf_Die die) {
  Type type;
  type.kind = TypeKind::enumeration;
  type.size = size(die);
  type.target = target_of(die);
  type.declaration_only = own_attribute(die, DW_AT_declaration).has_value();
  for (const Dwarf_Die& child : children(die)) {
    Dwarf_Die copy = child;
    if (dwarf_tag(&copy) != DW_TAG_enumerator) continue;
    if (const auto value = constant_of(own_attribute(child, DW_AT_const_value)))
      type.enumerators.push_back({std::string(own_name(child)), static_cast<Int128>(value->bits)});
  }
  return type;
}

}  // namespace situ
