#include "symbols/symbol_file.h"

#include <algorithm>
#include <array>

#include "symbols/debug_file.h"
#include "symbols/elf_symbols.h"
#include "symbols/function_reader.h"
#include "symbols/static_reader.h"

namespace situ {
namespace {

struct EndDwarf {
  void operator()(Dwarf* dwarf) const { dwarf_end(dwarf); }
};
using OwnedDwarf = std::unique_ptr<Dwarf, EndDwarf>;

OwnedDwarf begin_dwarf(const ElfImage& image) {
  return OwnedDwarf(dwarf_begin_elf(image.elf(), DWARF_C_READ, nullptr));
}

bool has_units(Dwarf* dwarf) {
  Dwarf_CU* first = nullptr;
  return dwarf != nullptr && dwarf_get_units(dwarf, nullptr, &first, nullptr, nullptr, nullptr, nullptr) == 0;
}

}  // namespace

class SymbolFile::Impl {
 public:
  Impl(std::unique_ptr<ElfImage> image, TypeTable& types, const UserCode& user, DebugInfo debug_info)
      : image_(std::move(image)),
        dwarf_(open_dwarf(debug_info)),
        units_(dwarf_.get()),
        names_(units_),
        types_(units_, names_, types),
        functions_(units_, names_, types_, sources_, user, *image_),
        symbols_(*image_, debug_.get()),
        statics_(units_, names_, functions_, sources_, user, symbols_) {
    for (const auto& unit : units_.all())
      unit->library = !user.may_hold_user_code(unit->name, unit->directory);
  }

  const ElfImage& image() const { return *image_; }
  bool has_debug_info() { return !units_.all().empty(); }
  ElfSymbols& symbols() { return symbols_; }
  std::vector<StaticInfo> statics() { return statics_.read(); }

  const FunctionRecord* record_at(FileAddress address) {
    Unit* unit = units_.covering(address);
    if (unit == nullptr) return nullptr;
    const UnitContents& contents = unit->contents();
    const auto& ranges = contents.function_ranges;
    const auto above = std::upper_bound(ranges.begin(), ranges.end(), address,
                                        [](FileAddress a, const FileRange& range) { return a < range.low; });
    if (above == ranges.begin()) return nullptr;
    const auto index = static_cast<std::size_t>(above - ranges.begin()) - 1;
    if (!ranges[index].contains(address)) return nullptr;
    return record(*unit, contents.functions[contents.function_of_range[index]]);
  }

  std::vector<const FunctionInfo*> user_functions() {
    std::vector<const FunctionInfo*> found;
    for (const auto& unit : units_.all()) {
      if (unit->library) continue;
      for (const ConcreteFunction& function : unit->contents().functions)
        if (functions_.is_user(*unit, function)) found.push_back(&record(*unit, function)->info);
    }
    const auto entry = [](const FunctionInfo* function) { return function->entry; };
    std::ranges::sort(found, {}, entry);
    const auto same = [](const FunctionInfo* a, const FunctionInfo* b) { return a->entry == b->entry; };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    return found;
  }

  std::optional<Statement> line_at(FileAddress address) {
    if (const FunctionRecord* record = record_at(address)) {
      const std::vector<FunctionRow>& rows = record->rows;
      for (std::size_t i = rows.size(); i-- > 0;) {
        if (!rows[i].code.contains(address)) continue;
        // A row without a line belongs to what stands before it.
        while (i > 0 && rows[i].line == 0 && !rows[i].follows_gap) --i;
        if (rows[i].line == 0) return std::nullopt;
        return Statement{rows[i].code.low, std::string(rows[i].file), rows[i].line};
      }
      return std::nullopt;
    }
    Unit* unit = units_.covering(address);
    if (unit == nullptr) return std::nullopt;
    const LineTable& lines = unit->lines();
    std::size_t i = lines.row_at(address);
    while (i < lines.rows.size() && lines.rows[i].line == 0) i = i == 0 ? lines.rows.size() : i - 1;
    if (i == lines.rows.size() || lines.rows[i].end_of_sequence) return std::nullopt;
    return Statement{lines.rows[i].address, std::string(lines.file(lines.rows[i].file)), lines.rows[i].line};
  }

  std::vector<StaticInfo> vtables() {
    std::vector<StaticInfo> found;
    for (const auto& unit : units_.all()) {
      if (unit->library || unit->language != Language::rust) continue;
      for (const Dwarf_Die& die : unit->contents().vtables) {
        StaticInfo vtable{functions_.variable(die), {}, std::nullopt};
        if (vtable.variable.kind != VariableKind::static_data) continue;
        vtable.address = {vtable.variable.locations[0].expression[0].number};
        if (const auto type = type_of(die))
          if (const auto concrete = die_of(own_attribute(*type, DW_AT_containing_type)))
            vtable.vtable_of = types_.read(*concrete);
        found.push_back(std::move(vtable));
      }
    }
    return found;
  }

 private:
  OwnedDwarf open_dwarf(DebugInfo debug_info) {
    OwnedDwarf own = begin_dwarf(*image_);
    if (has_units(own.get())) return own;
    debug_ = find_debug_file(*image_);
    if (!debug_ || debug_info == DebugInfo::names) return own;
    OwnedDwarf separate = begin_dwarf(*debug_);
    return separate ? std::move(separate) : std::move(own);
  }

  const FunctionRecord* record(Unit& unit, const ConcreteFunction& function) {
    std::unique_ptr<FunctionRecord>& found = records_[function.die.addr];
    if (!found) found = functions_.read(unit, function);
    return found.get();
  }

  std::unique_ptr<ElfImage> image_;
  std::unique_ptr<ElfImage> debug_;  // separate debug info; null: none
  OwnedDwarf dwarf_;
  Units units_;
  Names names_;
  TypeReader types_;
  SourceFiles sources_;
  FunctionReader functions_;
  ElfSymbols symbols_;
  StaticReader statics_;
  std::unordered_map<const void*, std::unique_ptr<FunctionRecord>> records_;
};

SymbolFile::SymbolFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SymbolFile::~SymbolFile() = default;

std::unique_ptr<SymbolFile> SymbolFile::open(const std::string& path, TypeTable& types, const UserCode& user,
                                             DebugInfo debug_info) {
  return std::unique_ptr<SymbolFile>(
      new SymbolFile(std::make_unique<Impl>(ElfImage::open(path), types, user, debug_info)));
}

std::unique_ptr<SymbolFile> SymbolFile::from_memory(std::vector<std::byte> image, TypeTable& types,
                                                    const UserCode& user) {
  return std::unique_ptr<SymbolFile>(new SymbolFile(
      std::make_unique<Impl>(ElfImage::from_memory(std::move(image)), types, user, DebugInfo::all)));
}

const std::string& SymbolFile::path() const {
  return impl_->image().path();
}
std::string SymbolFile::build_id() const {
  return impl_->image().build_id();
}
bool SymbolFile::has_debug_info() const {
  return impl_->has_debug_info();
}
FileAddress SymbolFile::lowest_address() const {
  return impl_->image().lowest_address();
}

const FunctionInfo* SymbolFile::function_at(FileAddress address) {
  const FunctionRecord* record = impl_->record_at(address);
  return record == nullptr ? nullptr : &record->info;
}

std::vector<const FunctionInfo*> SymbolFile::user_functions() {
  return impl_->user_functions();
}

std::vector<std::uint32_t> SymbolFile::scopes_at(const FunctionInfo& function, FileAddress address) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < function.scopes.size(); ++i)
    if (std::ranges::any_of(function.scopes[i].ranges,
                            [&](FileRange range) { return range.contains(address); }))
      found.push_back(i);
  std::ranges::stable_sort(found, std::ranges::greater{},
                           [&](std::uint32_t i) { return function.scopes[i].depth; });
  return found;
}

std::optional<Statement> SymbolFile::line_at(FileAddress address) {
  return impl_->line_at(address);
}

std::optional<ElfSymbol> SymbolFile::symbol_at(FileAddress address) {
  return impl_->symbols().covering(address);
}

std::optional<FileAddress> SymbolFile::symbol_address(std::string_view name) {
  return symbol_addresses(std::array{name}).front();
}

std::vector<std::optional<FileAddress>> SymbolFile::symbol_addresses(
    std::span<const std::string_view> names) {
  return impl_->symbols().addresses_of(names);
}

std::vector<StaticInfo> SymbolFile::vtables() {
  return impl_->vtables();
}

std::vector<StaticInfo> SymbolFile::statics() {
  return impl_->statics();
}

}  // namespace situ
