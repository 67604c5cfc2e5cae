// The identities a recording speaks of, and lifetimes in steps.
#pragma once

#include <cstdint>
#include <optional>

#include "base/id.h"

namespace situ {

using ThreadId = Id<struct ThreadTag>;
using ModuleId = Id<struct ModuleTag>;
using FunctionId = Id<struct FunctionTag>;
using TypeId = Id<struct TypeTag>;
using FrameId = Id<struct FrameTag>;
using VariableId = Id<struct VariableTag>;
using BlockId = Id<struct BlockTag>;
using RegionId = Id<struct RegionTag>;
using SourceId = Id<struct SourceTag>;

// Index into Recording::steps.
using StepIndex = std::uint32_t;

// [born, died) in steps; died empty = alive at the end. born == died is legal: it lived between two steps.
struct Lifetime {
  StepIndex born = 0;
  std::optional<StepIndex> died;

  bool alive_at(StepIndex step) const { return born <= step && (!died || step < *died); }
  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

}  // namespace situ
