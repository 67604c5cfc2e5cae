// Where each variable of one frame is, at one stop.
#pragma once

#include <optional>
#include <vector>

#include "inspect/module_map.h"
#include "symbols/function_info.h"
#include "unwind/unwinder.h"

namespace situ {

struct ResolvedPlace {
  std::uint32_t variable = 0;  // index into FunctionInfo::variables
  Place place;                 // lifetime not set; `frame` set only for stack places, by the caller
  bool in_scope = false;
};

struct PlaceQuery {
  const FunctionInfo* function = nullptr;
  const LoadedModule* module = nullptr;
  const RawFrame* frame = nullptr;
  const Registers* at_entry = nullptr;
  const MemoryReader* memory = nullptr;
  std::optional<Address> thread_pointer;
};

// All variables of the function, hidden ones included. At -O0 a hole in a location list keeps the place out
// of the result (the caller keeps the last known one); elsewhere it is nowhere{not_in_scope_here}.
std::vector<ResolvedPlace> resolve_places(const PlaceQuery& query, const std::vector<Type>& types);

}  // namespace situ
