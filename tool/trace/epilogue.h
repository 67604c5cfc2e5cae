// What is gathered once the program has ended: source texts and the symbols that captured words point to.
#pragma once

#include "inspect/module_map.h"
#include "model/recording.h"

namespace situ {

// The files that the user's functions and steps name.
void collect_sources(Recording& recording);
// Names for the words in captured memory, registers and places that point into modules.
void collect_symbols(Recording& recording, const ModuleMap& modules);

}  // namespace situ
