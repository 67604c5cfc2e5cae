// Where to stop: what each planted address means (design: semantics, Steps).
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "inspect/module_map.h"
#include "symbols/function_info.h"

namespace situ {

// An address can be several things at once.
struct Site {
  const LoadedModule* module = nullptr;
  const FunctionInfo* entry_of = nullptr;
  const FunctionInfo* body_of = nullptr;   // end of the prologue
  const FunctionInfo* function = nullptr;  // of `statement`
  const Statement* statement = nullptr;
  bool return_address = false;
  bool sets_landing_pad = false;  // _Unwind_SetIP
  bool long_jump = false;
  bool sets_jump = false;  // setjmp
  bool landing = false;    // where an exception or a long jump comes down
};

enum class PlanKind { calls, lines };

class StopPlan {
 public:
  explicit StopPlan(PlanKind kind) : kind_(kind) {}

  // Adds the sites of a newly mapped module; returns the addresses to plant.
  std::vector<Address> add_module(LoadedModule& module,
                                  const std::vector<const FunctionInfo*>& user_functions);
  // A return address; true if it is new and needs its int3.
  bool add_return(Address return_address);
  // Where control may land from above; likewise.
  bool add_landing(Address address);
  const Site* find(Address address) const;
  // All addresses, for planting again.
  std::vector<Address> all() const;

 private:
  PlanKind kind_;
  std::unordered_map<Address, Site> sites_;
};

}  // namespace situ
