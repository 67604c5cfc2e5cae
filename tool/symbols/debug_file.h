// Where distributions put debug info that was taken out of a file.
#pragma once

#include <memory>

#include "symbols/elf_image.h"

namespace situ {

// By build id in /usr/lib/debug/.build-id, then by .gnu_debuglink beside the file, in .debug and under
// /usr/lib/debug (gdb manual, "Separate Debug Files"). Only a file with the same build id, or where there is
// none the CRC of the link, is taken; null: none.
std::unique_ptr<ElfImage> find_debug_file(const ElfImage& image);

}  // namespace situ
