#include "symbols/units.h"

#include <algorithm>
#include <array>

namespace situ {
namespace {

constexpr std::size_t most_units = 1'000'000;

// The last -O flag in a producer's command line; empty: no flags are recorded.
std::optional<bool> optimised_by_flags(std::string_view producer) {
  if (!producer.starts_with("GNU ")) return std::nullopt;
  bool optimised = false;
  for (std::size_t at = producer.find(" -O"); at != std::string_view::npos;
       at = producer.find(" -O", at + 1)) {
    const std::string_view level = producer.substr(at + 3, producer.substr(at + 3).find(' '));
    optimised = level != "0";
  }
  return optimised;
}

}  // namespace

const UnitContents& Unit::contents() {
  if (!contents_) contents_ = std::make_unique<UnitContents>(walk_unit(content));
  return *contents_;
}

const LineTable& Unit::lines() {
  if (!lines_) lines_ = std::make_unique<LineTable>(read_line_table(die));
  return *lines_;
}

bool Unit::optimised() {
  if (optimised_) return *optimised_;
  optimised_ = optimised_by_flags(producer);
  if (optimised_) return *optimised_;
  // clang and rustc record no flags. Without optimisation nearly every local has one slot for its whole life
  // (94% and more, against 72% and less: debug-info.md §1.3); parameters may be passed by reference.
  const UnitContents& found = contents();
  if (found.variables > 0)
    optimised_ = found.variables_in_one_slot * 100 < found.variables * 85;
  else
    optimised_ = found.parameters > 0 && found.parameters_in_one_slot * 2 < found.parameters;
  return *optimised_;
}

std::string_view Unit::file(const Dwarf_Attribute& attribute) {
  const auto index = unsigned_of(attribute);
  if (!index) return {};
  // Before DWARF 5 index 0 means that no file is named.
  Dwarf_Half version = 0;
  if (dwarf_cu_info(die.cu, &version, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) != 0) return {};
  if (*index == 0 && version < 5) return {};
  return lines().file(*index);
}

Units::Units(Dwarf* dwarf) {
  if (dwarf == nullptr) return;
  Dwarf_CU* cu = nullptr;
  while (units_.size() < most_units) {
    Dwarf_Half version = 0;
    std::uint8_t kind = 0;
    auto unit = std::make_unique<Unit>();
    Dwarf_CU* next = nullptr;
    if (dwarf_get_units(dwarf, cu, &next, &version, &kind, &unit->die, &unit->content) != 0) break;
    cu = next;
    if (kind != DW_UT_compile && kind != DW_UT_skeleton) continue;
    if (unit->content.addr == nullptr || kind != DW_UT_skeleton) unit->content = unit->die;
    unit->name = string_of(own_attribute(unit->content, DW_AT_name));
    unit->directory = string_of(own_attribute(unit->die, DW_AT_comp_dir));
    unit->producer = string_of(own_attribute(unit->content, DW_AT_producer));
    unit->language = language_of(unit->content);
    unit->ranges = code_ranges(unit->die);
    for (const FileRange& range : unit->ranges) covers_.push_back({range, unit.get()});
    by_die_.emplace(unit->die.addr, unit.get());
    by_die_.emplace(unit->content.addr, unit.get());
    units_.push_back(std::move(unit));
  }
  std::stable_sort(covers_.begin(), covers_.end(),
                   [](const Cover& a, const Cover& b) { return a.range.low < b.range.low; });
}

Unit* Units::covering(FileAddress address) {
  auto above = std::upper_bound(covers_.begin(), covers_.end(), address,
                                [](FileAddress a, const Cover& cover) { return a < cover.range.low; });
  if (above == covers_.begin()) return nullptr;
  --above;
  return above->range.contains(address) ? above->unit : nullptr;
}

Unit* Units::holding(Dwarf_Die die) {
  const auto found = by_die_.find(unit_of(die).addr);
  return found == by_die_.end() ? nullptr : found->second;
}

const UnitContents& Units::contents_of(Dwarf_Die die) {
  if (Unit* unit = holding(die)) return unit->contents();
  const Dwarf_Die root = unit_of(die);
  auto [found, is_new] = type_units_.try_emplace(root.addr);
  if (is_new && root.addr != nullptr) found->second = walk_unit(root);
  return found->second;
}

std::string_view Units::file(const std::optional<Dwarf_Attribute>& attribute) {
  if (!attribute) return {};
  Dwarf_Die root{};
  if (dwarf_cu_die(attribute->cu, &root, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == nullptr)
    return {};
  const auto found = by_die_.find(root.addr);
  return found == by_die_.end() ? std::string_view{} : found->second->file(*attribute);
}

}  // namespace situ
