// Call frame information without a ready-made search table: rows for an .eh_frame that has no .eh_frame_hdr
// (static programs), and .debug_frame turned into .eh_frame form (code built without unwind tables). LSB Core
// §10.6, DWARF 5 §6.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/address.h"

namespace situ {

struct FdeRow {
  Address start;  // first code address it covers
  Address fde;    // where its bytes stand
  friend auto operator<=>(const FdeRow&, const FdeRow&) = default;
};

// The FDEs of an .eh_frame whose first byte stands at `at`, by start. Damaged entries end the list.
std::vector<FdeRow> eh_frame_rows(std::span<const std::byte> section, Address at);

struct ConvertedFrames {
  std::vector<std::byte> bytes;  // an .eh_frame to stand at the address it was converted for
  std::vector<FdeRow> rows;
};
// `bias` is added to the code addresses. 64-bit DWARF entries are skipped.
ConvertedFrames convert_debug_frame(std::span<const std::byte> section, Address at, std::uint64_t bias);

// The sorted table libunwind searches: pairs of 32-bit offsets from `segment_base`. Rows that do not fit are
// left out.
std::vector<std::byte> search_table(const std::vector<FdeRow>& rows, Address segment_base);

}  // namespace situ
