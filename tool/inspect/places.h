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
  Place place;                 // lifetime not set; `frame` is for the caller to set
  bool in_scope = false;       // the lookup address is in the ranges of its declaring block
};

struct PlaceQuery {
  const FunctionInfo* function = nullptr;
  const LoadedModule* module = nullptr;
  const RawFrame* frame = nullptr;
  const Registers* at_entry = nullptr;
  const MemoryReader* memory = nullptr;
  std::optional<Address> thread_pointer;
  const VectorRegisters* vectors = nullptr;  // of the innermost frame; callers' are not kept
};

// Whether a variable is in a vector register at the frame's lookup address.
bool needs_vectors(const PlaceQuery& query);

// The variables of the function, hidden ones included; those of an inlined function that is not active at the
// frame's lookup address are left out. Stack places have their offset from the CFA, and all have the size of
// the type. Without any location: nowhere{optimized_out}. Where a list of locations has none for this
// address: at -O0 the variable is left out of the result (the caller keeps the last known place), else
// nowhere{not_in_scope_here}. A register that was not kept for a caller's frame is nowhere{optimized_out}.
//
// Not to be asked at a pc before the function's body: rsp and rbp are not yet the frame's there.
std::vector<ResolvedPlace> resolve_places(const PlaceQuery& query, const std::vector<Type>& types);

// The size of an array's elements; empty: no array, or not known.
std::optional<std::uint64_t> element_size(TypeId type, const std::vector<Type>& types);
// The size of a type's values, through aliases; empty: not known.
std::optional<std::uint64_t> size_of(TypeId type, const std::vector<Type>& types);

}  // namespace situ
