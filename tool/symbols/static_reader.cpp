#include "symbols/static_reader.h"

#include <algorithm>
#include <set>

namespace situ {
namespace {

// What the standard library's thread_local! calls the variable it makes inside the one that is declared.
constexpr std::string_view inside_thread_local = "__RUST_STD_INTERNAL_VAL";

bool is_removed(const VariableInfo& variable) {
  if (variable.locations.empty()) return false;
  const LocationExpression& expression = variable.locations[0].expression;
  return !expression.empty() && expression[0].atom == DW_OP_addr && expression[0].number == 0;
}

// The last part of a path: "made" of "Shape::made".
std::string_view last_part(std::string_view path) {
  const auto colon = path.rfind("::");
  return colon == std::string_view::npos ? path : path.substr(colon + 2);
}

// "Shape::next()::last" as "Shape::next::last".
std::string without_empty_lists(std::string path) {
  for (std::size_t at; (at = path.find("()::")) != std::string::npos;) path.erase(at, 2);
  return path;
}

}  // namespace

std::vector<StaticInfo> StaticReader::read() {
  std::vector<StaticInfo> found;
  // A static of an inlined function stands in each of its instances, an inline variable in each unit.
  std::set<std::pair<std::string, std::uint64_t>> met;
  std::vector<StaticInfo> lost;
  for (const auto& unit : units_.all()) {
    if (unit->library) continue;
    for (const UnitContents::Container& variable : unit->contents().statics) {
      auto info = read_one(*unit, variable);
      if (!info) continue;
      if (info->variable.kind == VariableKind::thread_local_data && info->variable.locations.empty()) {
        lost.push_back(std::move(*info));
        continue;
      }
      std::uint64_t where = 0;
      if (const auto& locations = info->variable.locations; !locations.empty())
        where = locations[0].expression.empty() ? 0 : locations[0].expression[0].number;
      if (met.emplace(info->variable.name, where).second) found.push_back(std::move(*info));
    }
  }
  const auto known = [&found](const StaticInfo& info) {
    return std::ranges::any_of(
        found, [&](const StaticInfo& other) { return other.variable.name == info.variable.name; });
  };
  for (StaticInfo& info : lost)
    if (!known(info)) found.push_back(std::move(info));
  return found;
}

std::optional<StaticInfo> StaticReader::read_one(const Unit& unit, const UnitContents::Container& found) {
  // The file first: most of a unit's constants are its headers'.
  const std::string_view file = units_.file(attribute(found.die, DW_AT_decl_file));
  if (user_.by_file_alone() && UserCode::is_library_file(file, unit.directory)) return std::nullopt;
  StaticInfo info{functions_.variable(found.die), {}, std::nullopt};
  VariableInfo& variable = info.variable;
  if (variable.name.empty() || is_removed(variable)) return std::nullopt;
  if (variable.kind != VariableKind::thread_local_data) variable.kind = VariableKind::static_data;
  const std::string own_name = variable.name;
  variable.name = qualified(found.die, found.parent, variable);
  // thread_local! makes a variable for types with and without a destructor; the linker keeps one or none.
  if (own_name == inside_thread_local) {
    variable.kind = VariableKind::thread_local_data;
    if (!symbols_.may_have_thread_local(linkage_name(found.die))) variable.locations.clear();
  }
  if (!user_.is_user_variable(variable.name, variable.file, unit.directory)) return std::nullopt;
  // thread_local! states the line of the macro's call, which may not be the variable's.
  if (own_name == inside_thread_local) return info;
  const auto line = variable.line == 0 ? std::nullopt : sources_.line(variable.file, variable.line);
  variable.compiler_made =
      line ? !may_declare(*line, last_part(variable.name)) : flag(found.die, DW_AT_artificial);
  return info;
}

std::string StaticReader::qualified(Dwarf_Die die, std::int32_t holder, const VariableInfo& variable) {
  const std::string& name = variable.name;
  const Dwarf_Die declared = declaration_of(die);
  const UnitContents& contents = units_.contents_of(declared);
  if (const auto at = contents.holder_of_variable.find(declared.addr);
      at != contents.holder_of_variable.end())
    holder = at->second;
  if (holder < 0) return name;
  const Dwarf_Die parent = contents.containers[static_cast<std::size_t>(holder)].die;
  const std::string path = names_.qualified(parent);
  if (name == inside_thread_local) return path.substr(0, path.find("::{"));
  if (!path.empty()) return path + "::" + name;
  // clang puts the statics of a function that was inlined everywhere into one without a name.
  if (!variable.locations.empty() && variable.kind == VariableKind::static_data)
    if (const auto symbol = symbols_.covering({variable.locations[0].expression[0].number}))
      if (symbol->demangled.ends_with("::" + name)) return without_empty_lists(symbol->demangled);
  return name;
}

}  // namespace situ
