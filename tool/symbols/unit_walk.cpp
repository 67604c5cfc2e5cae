// The one walk over a unit's DIEs. Its stack is on the heap: rustc nests a block per `let`, and a damaged
// file nests as it likes.
#include <algorithm>
#include <numeric>

#include "symbols/units.h"

namespace situ {
namespace {

constexpr std::size_t deepest_nesting = 10'000;
constexpr std::size_t most_dies = 50'000'000;

struct Level {
  Dwarf_Die die;
  std::int32_t container;  // that holds the DIE
  bool in_function;
};

bool is_type(int tag) {
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_enumeration_type || tag == DW_TAG_typedef;
}

bool may_hold_functions_or_types(int tag) {
  switch (tag) {
    case DW_TAG_compile_unit:
    case DW_TAG_type_unit:
    case DW_TAG_partial_unit:
    case DW_TAG_namespace:
    case DW_TAG_module:
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
    case DW_TAG_subprogram:
    case DW_TAG_lexical_block:
      return true;
    default:
      return false;
  }
}

// Whether the location is one expression that means the same wherever the code stands.
bool is_fixed(Dwarf_Attribute location) {
  const unsigned form = dwarf_whatform(&location);
  if (form != DW_FORM_exprloc && form != DW_FORM_block1) return false;
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_getlocation(&location, &ops, &count) != 0 || count == 0) return false;
  const std::uint8_t first = ops[0].atom, last = ops[count - 1].atom;
  return first == DW_OP_addr || first == DW_OP_addrx || first == DW_OP_GNU_addr_index ||
         last == DW_OP_form_tls_address || last == DW_OP_GNU_push_tls_address;
}

class Walk {
 public:
  explicit Walk(Dwarf_Die unit) : language_(language_of(unit)) { run(unit); }
  UnitContents take();

 private:
  void run(Dwarf_Die unit);
  // Returns the container for the DIE's children.
  std::int32_t visit(const Level& level, int tag);
  std::int32_t add_container(Dwarf_Die die, std::int32_t parent);
  void add_function(Dwarf_Die die);
  void count_variable(Dwarf_Die die, int tag);
  void note_static(const Level& level);

  Language language_;
  UnitContents found_;
};

void Walk::run(Dwarf_Die unit) {
  std::vector<Level> stack;
  Dwarf_Die child;
  if (dwarf_child(&unit, &child) == 0) stack.push_back({child, -1, false});
  for (std::size_t seen = 0; !stack.empty() && seen < most_dies; ++seen) {
    const Level level = stack.back();
    const int tag = dwarf_tag(&stack.back().die);
    const std::int32_t container = visit(level, tag);
    // Step this level to the next sibling before going down.
    Dwarf_Die current = level.die;
    if (dwarf_siblingof(&current, &stack.back().die) != 0) stack.pop_back();
    if (!may_hold_functions_or_types(tag) || stack.size() >= deepest_nesting) continue;
    if (dwarf_child(&current, &child) == 0)
      stack.push_back({child, container, level.in_function || tag == DW_TAG_subprogram});
  }
}

std::int32_t Walk::visit(const Level& level, int tag) {
  if (tag == DW_TAG_namespace || tag == DW_TAG_module) return add_container(level.die, level.container);
  if (is_type(tag)) {
    const std::int32_t container = add_container(level.die, level.container);
    const std::string_view name = own_name(level.die);
    if (!name.empty() && tag != DW_TAG_typedef && !own_attribute(level.die, DW_AT_declaration))
      found_.complete_types.emplace(name, level.die);
    return container;
  }
  if (tag == DW_TAG_subprogram) {
    add_function(level.die);
    return add_container(level.die, level.container);
  }
  if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) {
    if (level.in_function) count_variable(level.die, tag);
    if (language_ == Language::rust && !level.in_function && own_name(level.die).ends_with("{vtable}"))
      found_.vtables.push_back(level.die);
    else if (tag == DW_TAG_variable)
      note_static(level);
  }
  // DWARF 4 declares a class's statics as members.
  if (tag == DW_TAG_member && own_attribute(level.die, DW_AT_declaration))
    found_.holder_of_variable.emplace(level.die.addr, level.container);
  return level.container;
}

std::int32_t Walk::add_container(Dwarf_Die die, std::int32_t parent) {
  const auto index = static_cast<std::int32_t>(found_.containers.size());
  found_.containers.push_back({die, parent});
  found_.container_by_die.emplace(die.addr, index);
  return index;
}

void Walk::add_function(Dwarf_Die die) {
  if (!own_attribute(die, DW_AT_low_pc) && !own_attribute(die, DW_AT_ranges)) return;
  std::vector<FileRange> ranges = code_ranges(die);
  if (!ranges.empty()) found_.functions.push_back({die, std::move(ranges)});
}

void Walk::count_variable(Dwarf_Die die, int tag) {
  auto location = own_attribute(die, DW_AT_location);
  // An inlined or abstract instance's variable, a declaration: no sign of anything.
  if (!location && (own_attribute(die, DW_AT_declaration) || own_attribute(die, DW_AT_inline))) return;
  const bool parameter = tag == DW_TAG_formal_parameter;
  bool one_slot = false;
  if (location) {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    const unsigned form = dwarf_whatform(&*location);
    const bool single = form == DW_FORM_exprloc || form == DW_FORM_block1;
    if (single && dwarf_getlocation(&*location, &ops, &count) == 0 && count > 0) {
      const Dwarf_Op& last = ops[count - 1];
      const bool in_register = ops[0].atom >= DW_OP_reg0 && ops[0].atom <= DW_OP_reg31;
      one_slot = !in_register && last.atom != DW_OP_stack_value && last.atom != DW_OP_piece;
    }
  } else if (!own_attribute(die, DW_AT_const_value)) {
    // Abstract instances have no locations at all; their concrete ones are counted.
    return;
  }
  (parameter ? found_.parameters : found_.variables) += 1;
  if (one_slot) (parameter ? found_.parameters_in_one_slot : found_.variables_in_one_slot) += 1;
}

void Walk::note_static(const Level& level) {
  if (!own_attribute(level.die, DW_AT_specification) && !own_attribute(level.die, DW_AT_abstract_origin))
    found_.holder_of_variable.emplace(level.die.addr, level.container);
  if (own_attribute(level.die, DW_AT_declaration)) return;
  const auto location = own_attribute(level.die, DW_AT_location);
  if (level.in_function ? location && is_fixed(*location) : true)
    found_.statics.push_back({level.die, level.container});
}

UnitContents Walk::take() {
  std::vector<std::pair<FileRange, std::uint32_t>> ranges;
  for (std::uint32_t i = 0; i < found_.functions.size(); ++i)
    for (const FileRange& range : found_.functions[i].ranges) ranges.emplace_back(range, i);
  std::sort(ranges.begin(), ranges.end());
  for (const auto& [range, function] : ranges) {
    found_.function_ranges.push_back(range);
    found_.function_of_range.push_back(function);
  }
  return std::move(found_);
}

}  // namespace

UnitContents walk_unit(Dwarf_Die unit) {
  return Walk(unit).take();
}

}  // namespace situ
