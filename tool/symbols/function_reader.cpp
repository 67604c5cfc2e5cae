#include "symbols/function_reader.h"

#include <algorithm>
#include <set>

#include "symbols/location_reader.h"
#include "symbols/statements.h"

namespace situ {
namespace {

constexpr std::size_t most_scopes = 1'000'000;

VariableKind kind_of(int tag, const std::vector<LocationEntry>& locations) {
  if (tag == DW_TAG_formal_parameter) return VariableKind::parameter;
  if (locations.size() != 1 || locations[0].expression.empty()) return VariableKind::local;
  const LocationExpression& expression = locations[0].expression;
  const std::uint8_t last = expression.back().atom;
  if (last == DW_OP_form_tls_address || last == DW_OP_GNU_push_tls_address)
    return VariableKind::thread_local_data;
  return expression.size() == 1 && last == DW_OP_addr ? VariableKind::static_data : VariableKind::local;
}

constexpr int deepest_alias = 32;

// Of the first dimension.
std::optional<ElementCount> count_of_elements(Dwarf_Die type) {
  for (int i = 0; i < deepest_alias && dwarf_tag(&type) != DW_TAG_array_type; ++i) {
    const int tag = dwarf_tag(&type);
    const auto target = type_of(type);
    if ((tag != DW_TAG_typedef && tag != DW_TAG_const_type && tag != DW_TAG_volatile_type) || !target)
      return std::nullopt;
    type = *target;
  }
  for (Dwarf_Die child : children(type)) {
    if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
    const auto stated = own_attribute(child, DW_AT_count);
    const auto bound = stated ? stated : own_attribute(child, DW_AT_upper_bound);
    if (!bound || constant_of(bound)) return std::nullopt;
    ElementCount count;
    count.upper_bound = !stated;
    if (const auto variable = die_of(bound)) {
      const auto location = attribute(*variable, DW_AT_location);
      const auto of = type_of(*variable);
      if (!location || !of) return std::nullopt;
      count.locations = read_locations(*location);
      count.stored = unsigned_of(own_attribute(*of, DW_AT_byte_size)).value_or(8);
    } else {
      count.locations = read_locations(*bound);
    }
    return count.locations.empty() ? std::nullopt : std::optional(std::move(count));
  }
  return std::nullopt;
}

bool is_variable(Dwarf_Die& die) {
  const int tag = dwarf_tag(&die);
  return tag == DW_TAG_variable || tag == DW_TAG_formal_parameter;
}

// Every variable in the DIE and in the blocks inside it; those of functions inlined there are left out.
std::vector<Dwarf_Die> variables_in(Dwarf_Die holder) {
  std::vector<Dwarf_Die> found, open{holder};
  for (std::size_t visited = 0; !open.empty() && visited < most_scopes; ++visited) {
    const Dwarf_Die block = open.back();
    open.pop_back();
    for (Dwarf_Die child : children(block)) {
      if (is_variable(child)) found.push_back(child);
      const int tag = dwarf_tag(&child);
      if (tag == DW_TAG_lexical_block || tag == DW_TAG_GNU_formal_parameter_pack) open.push_back(child);
    }
  }
  return found;
}

// The variables of the function that this instance has no word of: they were optimised out of it (DWARF 5
// §3.3.8.2). A static is not the instance's.
std::vector<Dwarf_Die> left_out(Dwarf_Die instance) {
  const int tag = dwarf_tag(&instance);
  const auto abstract = die_of(own_attribute(instance, DW_AT_abstract_origin));
  if (!abstract || (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine)) return {};
  std::set<Dwarf_Off> here;
  for (const Dwarf_Die& variable : variables_in(instance))
    if (auto origin = die_of(own_attribute(variable, DW_AT_abstract_origin)))
      here.insert(dwarf_dieoffset(&*origin));
  std::vector<Dwarf_Die> left = variables_in(*abstract);
  std::erase_if(left, [&here](Dwarf_Die& variable) {
    return here.contains(dwarf_dieoffset(&variable)) || own_attribute(variable, DW_AT_location) ||
           own_attribute(variable, DW_AT_declaration);
  });
  return left;
}

}  // namespace

bool FunctionReader::is_user(Unit& unit, const ConcreteFunction& function) {
  FunctionInfo info;
  set_declaration(unit, function, info);
  if (user_.by_file_alone() && UserCode::is_library_file(info.file, unit.directory)) return false;
  return user_.is_user(names_.function(function.die), info.file, unit.directory);
}

FunctionReader::Declaration FunctionReader::declaration(Dwarf_Die die) {
  const auto stated = [&](Dwarf_Die at) {
    const auto line = unsigned_of(attribute(at, DW_AT_decl_line));
    return Declaration{units_.file(attribute(at, DW_AT_decl_file)),
                       static_cast<std::uint32_t>(line.value_or(0))};
  };
  Declaration found = stated(die);
  if (!found.file.empty()) return found;
  // g++ says nothing for a lambda's operator(), but where its class is.
  const Dwarf_Die declared = declaration_of(die);
  const UnitContents& contents = units_.contents_of(declared);
  const auto at = contents.container_by_die.find(declared.addr);
  if (at == contents.container_by_die.end()) return found;
  const std::int32_t parent = contents.containers[static_cast<std::size_t>(at->second)].parent;
  return parent < 0 ? found : stated(contents.containers[static_cast<std::size_t>(parent)].die);
}

void FunctionReader::set_declaration(Unit& unit, const ConcreteFunction& function, FunctionInfo& info) {
  const Declaration declared = declaration(function.die);
  info.file = declared.file;
  info.line = declared.line;
  if (!info.file.empty()) return;
  // g++'s function for global constructors stands nowhere in the source.
  const LineTable& lines = unit.lines();
  const std::size_t row = lines.row_at(function.ranges.front().low);
  if (row == lines.rows.size()) return;
  info.file = lines.file(lines.rows[row].file);
  info.line = lines.rows[row].line;
}

void FunctionReader::read_facts(Unit& unit, const ConcreteFunction& function, FunctionInfo& info) {
  const Dwarf_Die die = function.die;
  set_declaration(unit, function, info);
  info.name = names_.function(die);
  info.linkage_name = linkage_name(die);
  info.language = unit.language;
  if (const auto type = type_of(die)) info.return_type = types_.read(*type);
  info.compilation_directory = unit.directory;
  info.ranges = function.ranges;
  info.entry = info.ranges.front().low;
  Dwarf_Die copy = die;
  Dwarf_Addr entry = 0;
  if (dwarf_entrypc(&copy, &entry) == 0)
    for (FileRange& range : info.ranges)
      if (range.contains({entry})) {
        info.entry = {entry};
        std::swap(range, info.ranges.front());
        break;
      }
  info.optimised = unit.optimised();
  info.main_subprogram =
      flag(die, DW_AT_main_subprogram) || (unit.language != Language::rust && info.name == "main");
  info.user = user_.is_user(info.name, info.file, unit.directory);
  if (const auto base = attribute(die, DW_AT_frame_base)) info.frame_base = read_expression(*base);
}

std::unique_ptr<FunctionRecord> FunctionReader::read(Unit& unit, const ConcreteFunction& function) {
  auto record = std::make_unique<FunctionRecord>();
  FunctionInfo& info = record->info;
  read_facts(unit, function, info);
  read_scopes(function.die, info);
  record->rows = rows_of_function(info, unit.lines());
  const std::size_t body = prologue_end(info, record->rows, unit.producer.starts_with("GNU "));
  const HoistedHead head = find_hoisted_head(info, record->rows, body, image_);
  find_statements(info, record->rows, head, image_);
  rust_scopes_.correct(info, record->rows, head);
  return record;
}

Scope FunctionReader::scope(Dwarf_Die die, const FunctionInfo& info, std::uint32_t parent) {
  Scope found;
  found.parent = parent;
  found.depth = info.scopes[parent].depth + 1;
  found.ranges = code_ranges(die);
  if (dwarf_tag(&die) != DW_TAG_inlined_subroutine) {
    // A block without code of its own belongs to the one around it.
    if (found.ranges.empty()) found.ranges = info.scopes[parent].ranges;
    return found;
  }
  found.inlined = true;
  found.inlined_name = names_.function(die);
  const Declaration declared = declaration(die);
  found.declaration_file = declared.file;
  found.declaration_line = declared.line;
  found.inlined_user = user_.is_user(found.inlined_name, found.declaration_file, info.compilation_directory);
  found.call_file = units_.file(own_attribute(die, DW_AT_call_file));
  found.call_line = static_cast<std::uint32_t>(unsigned_of(own_attribute(die, DW_AT_call_line)).value_or(0));
  return found;
}

void FunctionReader::read_scopes(Dwarf_Die function, FunctionInfo& info) {
  Scope whole;
  whole.ranges = info.ranges;
  info.scopes.push_back(std::move(whole));
  // In source order: a scope's children are put off until its own variables are read.
  std::vector<std::pair<Dwarf_Die, std::uint32_t>> open{{function, 0}};
  const auto add = [&](Dwarf_Die die, std::uint32_t scope_index) {
    VariableInfo found = variable(die);
    found.scope = scope_index;
    found.compiler_made = compiler_made(found, flag(die, DW_AT_artificial), info);
    info.variables.push_back(std::move(found));
  };
  while (!open.empty()) {
    const auto [holder, scope_index] = open.back();
    open.pop_back();
    if (const Scope& scope = info.scopes[scope_index]; !scope.inlined || scope.inlined_user)
      for (const Dwarf_Die& variable : left_out(holder)) add(variable, scope_index);
    std::vector<std::pair<Dwarf_Die, std::uint32_t>> inner;
    for (Dwarf_Die child : children(holder)) {
      const int tag = dwarf_tag(&child);
      if (is_variable(child)) {
        if (!own_attribute(child, DW_AT_declaration)) add(child, scope_index);
      } else if (tag == DW_TAG_GNU_formal_parameter_pack) {
        inner.emplace_back(child, scope_index);
      } else if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
        if (info.scopes.size() == most_scopes) return;
        inner.emplace_back(child, static_cast<std::uint32_t>(info.scopes.size()));
        info.scopes.push_back(scope(child, info, scope_index));
      }
    }
    open.insert(open.end(), inner.rbegin(), inner.rend());
  }
}

VariableInfo FunctionReader::variable(Dwarf_Die die) {
  VariableInfo found;
  found.name = string_of(attribute(die, DW_AT_name));
  if (const auto type = type_of(die)) {
    found.type = types_.read(*type);
    found.count = count_of_elements(*type);
  }
  found.file = units_.file(attribute(die, DW_AT_decl_file));
  found.line = static_cast<std::uint32_t>(unsigned_of(attribute(die, DW_AT_decl_line)).value_or(0));
  if (const auto location = attribute(die, DW_AT_location)) {
    found.locations = read_locations(*location);
  } else if (const auto value = attribute(die, DW_AT_const_value)) {
    if (auto expression = expression_of_constant(*value); !expression.empty())
      found.locations.push_back({std::nullopt, std::move(expression)});
  }
  found.kind = kind_of(dwarf_tag(&die), found.locations);
  return found;
}

// The compiler's own variables have names that the source does not hold at their declaration
// (debug-info.md §4.7). DW_AT_artificial alone does not tell: clang sets it on structured bindings.
bool FunctionReader::compiler_made(const VariableInfo& variable, bool artificial, const FunctionInfo& info) {
  if (variable.name.empty()) return true;
  if (variable.name == "this" && info.language == Language::cpp) return false;
  if (variable.line != 0) {
    const auto line = sources_.line(variable.file, variable.line);
    return line ? !may_declare(*line, variable.name) : artificial;
  }
  if (!artificial) return false;
  // No line is stated: look in the whole function.
  const std::string* text = sources_.text(info.file);
  std::uint32_t last = info.line;
  if (Unit* unit = units_.covering(info.entry)) {
    const LineTable& lines = unit->lines();
    for (std::size_t i = lines.first_row_from(info.entry);
         i < lines.rows.size() && lines.rows[i].address < info.ranges.front().high; ++i)
      if (lines.file(lines.rows[i].file) == info.file) last = std::max(last, lines.rows[i].line);
  }
  for (std::uint32_t i = info.line; text != nullptr && i <= last; ++i)
    if (const auto line = sources_.line(info.file, i); line && may_declare(*line, variable.name))
      return false;
  return true;
}

}  // namespace situ
