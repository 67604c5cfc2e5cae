#include "trace/stop_plan.h"

#include <array>
#include <string_view>

namespace situ {

std::vector<Address> StopPlan::add_module(LoadedModule& module,
                                          const std::vector<const FunctionInfo*>& user_functions) {
  std::vector<Address> fresh;
  const auto site = [&](FileAddress a) -> Site& {
    const Address address = module.to_process(a);
    const auto [entry, is_new] = sites_.try_emplace(address);
    if (is_new) fresh.push_back(address);
    entry->second.module = &module;
    return entry->second;
  };
  for (const FunctionInfo* function : user_functions) {
    site(function->entry).entry_of = function;
    site(function->body).body_of = function;
    if (kind_ == PlanKind::calls) continue;
    for (const Statement& statement : function->statements) {
      // Rows inside the prologue are not statements: the parameters are not in place yet.
      if (statement.address >= function->entry && statement.address < function->body) continue;
      Site& here = site(statement.address);
      here.function = function;
      here.statement = &statement;
    }
  }
  // _Unwind_SetIP is called once per landing pad by the C++ and the Rust personality routine alike (Itanium
  // C++ ABI, Level I); the long jumps are glibc's exported names (setjmp/longjmp.c, debug/longjmp_chk.c).
  static constexpr std::array<std::string_view, 8> names = {"_Unwind_SetIP", "longjmp",       "_longjmp",
                                                            "siglongjmp",    "__longjmp_chk", "setjmp",
                                                            "_setjmp",       "__sigsetjmp"};
  static constexpr std::size_t first_long_jump = 1, first_set_jump = 5;
  const auto addresses = module.symbols->symbol_addresses(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!addresses[i]) continue;
    Site& here = site(*addresses[i]);
    if (i < first_long_jump)
      here.sets_landing_pad = true;
    else if (i < first_set_jump)
      here.long_jump = true;
    else
      here.sets_jump = true;
  }
  return fresh;
}

bool StopPlan::add_return(Address return_address) {
  const auto [entry, fresh] = sites_.try_emplace(return_address);
  entry->second.return_address = true;
  return fresh;
}

bool StopPlan::add_landing(Address address) {
  const auto [entry, fresh] = sites_.try_emplace(address);
  entry->second.landing = true;
  return fresh;
}

const Site* StopPlan::find(Address address) const {
  const auto found = sites_.find(address);
  return found == sites_.end() ? nullptr : &found->second;
}

std::vector<Address> StopPlan::all() const {
  std::vector<Address> addresses;
  addresses.reserve(sites_.size());
  for (const auto& [address, site] : sites_) addresses.push_back(address);
  return addresses;
}

}  // namespace situ
