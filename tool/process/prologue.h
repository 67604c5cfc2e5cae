// What a function's prologue writes by pushing: rustc and clang make eight bytes of room with `push rax`,
// which leaves junk in a local's slot. Pure: code bytes in, offsets out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace situ {

// Byte ranges [low, high) relative to the CFA that pushes between the first instruction and the end of `code`
// wrote and no later instruction of it wrote again. Registers that a function must save (rbx, rbp, r12-r15)
// are left out: their slots are theirs. Instructions that are not understood end the walk: what was found up
// to there is given.
std::vector<std::pair<std::int64_t, std::int64_t>> pushed_junk(std::span<const std::byte> code);

}  // namespace situ
