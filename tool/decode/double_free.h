// Releases of what had been released before: told by the events, for the allocator may abort before it says
// so.
#pragma once

#include <optional>

#include "model/recording.h"

namespace situ {

// The block that lived last where the event releases something that is no live block; empty: a proper
// release, or of an address where no block ever began.
std::optional<BlockId> released_again(const Recording& recording, const HeapEvent& event);

}  // namespace situ
