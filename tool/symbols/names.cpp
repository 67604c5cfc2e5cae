#include "symbols/names.h"

#include <algorithm>

#include "symbols/demangle.h"

namespace situ {
namespace {

constexpr int deepest_type = 32;

// What stands for a name that the source does not give.
std::string unnamed(Dwarf_Die die) {
  switch (dwarf_tag(&die)) {
    case DW_TAG_namespace:
      return "(anonymous namespace)";
    case DW_TAG_union_type:
      return "{union}";
    case DW_TAG_enumeration_type:
      return "{enum}";
    case DW_TAG_structure_type:
    case DW_TAG_class_type: {
      for (const Dwarf_Die& child : children(die))
        if (own_name(child) == "operator()") return "{lambda}";
      return "{struct}";
    }
    default:
      return {};
  }
}

// "<a::B>::new" is how v0 writes an inherent method; people write "a::B::new".
std::string without_self_brackets(const std::string& name) {
  if (!name.starts_with('<')) return name;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    if (name[i] == '>' && (i == 0 || name[i - 1] != '-') && --depth == 0) {
      const std::string inner = name.substr(1, i - 1);
      const bool path = !inner.empty() && inner.find_first_of("&*[( ") == std::string::npos;
      return path && name.compare(i + 1, 2, "::") == 0 ? inner + name.substr(i + 1) : name;
    }
    if (depth == 1 && name.compare(i, 4, " as ") == 0) return name;
  }
  return name;
}

// Legacy names write closures without their number.
std::string with_numbered_closure(const std::string& demangled, std::string_view own) {
  std::string name = demangled;
  constexpr std::string_view legacy = "{{closure}}";
  if (name.ends_with(legacy)) name.replace(name.size() - legacy.size(), legacy.size(), own);
  for (std::size_t at; (at = name.find(legacy)) != std::string::npos;)
    name.replace(at, legacy.size(), "{closure}");
  return name;
}

// g++ puts a type unit's type at the top, and beside it a declaration of it in its namespaces. -1: none.
std::int32_t holder_in_type_unit(const UnitContents& contents, std::string_view name) {
  for (const UnitContents::Container& container : contents.containers)
    if (container.parent >= 0 && own_name(container.die) == name &&
        own_attribute(container.die, DW_AT_declaration))
      return container.parent;
  return -1;
}

}  // namespace

std::string linkage_name(Dwarf_Die die) {
  auto found = attribute(die, DW_AT_linkage_name);
  if (!found) found = attribute(die, DW_AT_MIPS_linkage_name);
  return std::string(string_of(found));
}

std::vector<std::optional<std::uint64_t>> array_counts(Dwarf_Die array) {
  std::vector<std::optional<std::uint64_t>> counts;
  for (const Dwarf_Die& range : children(array)) {
    Dwarf_Die copy = range;
    if (dwarf_tag(&copy) != DW_TAG_subrange_type) continue;
    std::optional<std::uint64_t> count;
    if (const auto stated = own_attribute(range, DW_AT_count)) {
      if (const auto value = constant_of(stated)) count = static_cast<std::uint64_t>(value->bits);
    } else if (const auto upper = constant_of(own_attribute(range, DW_AT_upper_bound))) {
      const auto lower = constant_of(own_attribute(range, DW_AT_lower_bound)).value_or(Constant{});
      // An empty array's upper bound is -1, which this turns into 0.
      count = static_cast<std::uint64_t>(upper->bits) + 1 - static_cast<std::uint64_t>(lower.bits);
    }
    counts.push_back(count);
  }
  return counts;
}

std::string Names::qualified(Dwarf_Die die) {
  die = declaration_of(die);
  // A type that stands in a unit of its own (DWARF 5 §3.1.4).
  if (const auto elsewhere = die_of(own_attribute(die, DW_AT_signature))) die = *elsewhere;
  if (const auto found = qualified_.find(die.addr); found != qualified_.end()) return found->second;
  const UnitContents& contents = units_.contents_of(die);
  std::string name(own_name(die));
  if (name.empty()) name = unnamed(die);
  const auto at = contents.container_by_die.find(die.addr);
  // Containers are noted parents first, so this ends.
  std::int32_t parent = -1;
  if (at != contents.container_by_die.end())
    parent = contents.containers[static_cast<std::size_t>(at->second)].parent;
  if (parent < 0 && units_.holding(die) == nullptr) parent = holder_in_type_unit(contents, name);
  while (parent >= 0) {
    const UnitContents::Container& holder = contents.containers[static_cast<std::size_t>(parent)];
    Dwarf_Die named = declaration_of(holder.die);
    if (named.addr != holder.die.addr) {
      name = qualified(named) + "::" + name;
      break;
    }
    std::string outer(own_name(named));
    if (outer.empty()) outer = unnamed(named);
    if (!outer.empty()) name = outer + "::" + name;
    parent = holder.parent;
  }
  qualified_.emplace(die.addr, name);
  return name;
}

std::string Names::function(Dwarf_Die die) {
  std::string name = qualified(die);
  const bool unwritable = name.find("{impl#") != std::string::npos ||
                          name.find("{lambda}") != std::string::npos ||
                          name.find("{struct}") != std::string::npos || own_name(declaration_of(die)).empty();
  const std::string linkage = unwritable ? linkage_name(die) : std::string();
  if (linkage.empty()) return name;
  const std::string demangled = demangle(linkage);
  if (demangled == linkage) return name;
  const std::string plain = without_self_brackets(demangled);
  return with_numbered_closure(plain, own_name(declaration_of(die)));
}

std::string Names::type(Dwarf_Die die) {
  return type_at_depth(die, 0);
}

std::string Names::type_at_depth(Dwarf_Die die, int depth) {
  if (depth > deepest_type) return "...";
  const auto prefixed = [&](std::string_view qualifier) {
    const auto target = type_of(die);
    if (!target) return std::string(qualifier) + " void";
    std::string name = type_at_depth(*target, depth + 1);
    // A qualified pointer is written behind: "char* const".
    const bool behind = name.ends_with('*') || name.ends_with('&');
    std::string spelled = behind ? name : std::string(qualifier);
    spelled += ' ';
    spelled += behind ? qualifier : std::string_view(name);
    return spelled;
  };
  switch (dwarf_tag(&die)) {
    case DW_TAG_pointer_type:
      if (const auto name = own_name(die); !name.empty()) return std::string(name);
      return pointer_to(die, "*", depth);
    case DW_TAG_reference_type:
      return pointer_to(die, "&", depth);
    case DW_TAG_rvalue_reference_type:
      return pointer_to(die, "&&", depth);
    case DW_TAG_const_type:
      return prefixed("const");
    case DW_TAG_volatile_type:
      return prefixed("volatile");
    case DW_TAG_restrict_type:
      return prefixed("restrict");
    case DW_TAG_atomic_type:
      return prefixed("_Atomic");
    case DW_TAG_array_type:
      return array_of(die, depth);
    case DW_TAG_subroutine_type:
      return signature(die, "", depth);
    case DW_TAG_ptr_to_member_type: {
      const auto owner = die_of(own_attribute(die, DW_AT_containing_type));
      std::string sign = owner ? qualified(*owner) : std::string("?");
      sign += "::*";
      return pointer_to(die, sign, depth);
    }
    case DW_TAG_base_type:
    case DW_TAG_unspecified_type:
      return std::string(own_name(die));
    default:
      return qualified(die);
  }
}

std::string Names::pointer_to(Dwarf_Die die, std::string_view sign, int depth) {
  auto target = type_of(die);
  if (!target) return "void" + std::string(sign);
  if (dwarf_tag(&*target) == DW_TAG_subroutine_type)
    return signature(*target, "(" + std::string(sign) + ")", depth + 1);
  const std::string name = type_at_depth(*target, depth + 1);
  if (dwarf_tag(&*target) == DW_TAG_array_type) {
    const std::size_t bounds = name.find('[');
    if (bounds != std::string::npos && bounds != 0)
      return name.substr(0, bounds) + " (" + std::string(sign) + ")" + name.substr(bounds);
  }
  std::string spelled = name;
  if (sign.find(':') != std::string_view::npos) spelled += ' ';
  spelled += sign;
  return spelled;
}

std::string Names::signature(Dwarf_Die die, std::string_view declarator, int depth) {
  const auto result = type_of(die);
  std::string name = result ? type_at_depth(*result, depth + 1) : std::string("void");
  name += ' ';
  name += declarator;
  name += "(";
  bool first = true;
  for (Dwarf_Die child : children(die)) {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters) continue;
    if (tag == DW_TAG_formal_parameter && flag(child, DW_AT_artificial)) continue;
    if (!first) name += ", ";
    first = false;
    const auto type = type_of(child);
    if (tag == DW_TAG_unspecified_parameters)
      name += "...";
    else
      name += type ? type_at_depth(*type, depth + 1) : std::string("?");
  }
  return name + ")";
}

std::string Names::array_of(Dwarf_Die die, int depth) {
  const auto element = type_of(die);
  std::string name = element ? type_at_depth(*element, depth + 1) : std::string("?");
  const auto counts = array_counts(die);
  if (language_of(unit_of(die)) == Language::rust) {
    for (auto count = counts.rbegin(); count != counts.rend(); ++count) {
      if (*count) name += "; " + std::to_string(**count);
      name.insert(0, "[").append("]");
    }
    return name;
  }
  std::string bounds;
  for (const auto& count : counts) {
    bounds += '[';
    if (count) bounds += std::to_string(*count);
    bounds += ']';
  }
  // "int[2][3]" is an array of 2 arrays of 3: the element's own bounds stay last.
  const std::size_t inner = name.find('[');
  return inner == std::string::npos ? name + bounds : name.substr(0, inner) + bounds + name.substr(inner);
}

}  // namespace situ
