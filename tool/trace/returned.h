// What a return step keeps of the returned value beside rax and rdx.
#pragma once

#include <optional>

#include "model/recording.h"

namespace situ {

// Whether values of the type, or parts of them, come back in xmm0, xmm1 or st0 (psABI x86-64 §3.2.3).
bool returned_in_float_registers(const Recording& recording, TypeId type);

// How many bytes the address in rax may name, where a value of the type may be returned in memory; 0: never.
std::uint64_t returned_in_memory(const Recording& recording, TypeId type);

}  // namespace situ
