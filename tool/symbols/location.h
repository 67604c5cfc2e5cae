// DWARF location expressions (DWARF 5 §2.5, §2.6): decoded once per variable, evaluated at a stop. Pure: what
// the expression needs of the process comes in through LocationContext.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "base/memory_reader.h"
#include "base/registers.h"
#include "model/frame.h"

namespace situ {

struct LocationOp {
  std::uint8_t atom = 0;  // DW_OP_*
  std::uint64_t number = 0, number2 = 0;
  std::uint64_t offset = 0;        // of this operation in the expression, for DW_OP_skip and DW_OP_bra
  std::vector<std::byte> block;    // implicit_value
  std::vector<LocationOp> nested;  // entry_value
};
using LocationExpression = std::vector<LocationOp>;

struct LocationContext {
  const Registers* registers = nullptr;  // of the frame, as unwound
  std::optional<Address> cfa;
  const Registers* at_entry = nullptr;       // for DW_OP_entry_value; null: unknown
  const VectorRegisters* vectors = nullptr;  // xmm0 ... xmm15; null: not read, or not known in this frame
  const MemoryReader* memory = nullptr;
  const LocationExpression* frame_base = nullptr;
  std::uint64_t bias = 0;           // added to DW_OP_addr
  std::optional<Address> tls_base;  // where the module's thread-local block starts in this thread
  std::optional<Address> object;    // pushed first (DW_AT_data_member_location, vtables); empty: not pushed
};

// The place `expression` names. Kinds: stack (an address computed from the frame without reading memory;
// frame and cfa_offset are left for the caller to fill), static_data, thread_local_data, memory (an address
// that was read from memory or a register), reg, computed, pieces, nowhere{why}. `size`: of the value, for
// computed ones; bytes. An empty expression is nowhere{optimized_out}. Bounded: 10,000 operations, 64 stack
// entries.
Place evaluate(const LocationExpression& expression, const LocationContext& context,
               std::optional<std::uint64_t> size);

}  // namespace situ
