// Where a text makes a given system call with its number as a constant: `mov $number, %eax` and, a few
// instructions later, `syscall`.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace situ {

// Offsets of the syscall instructions, ascending.
std::vector<std::size_t> syscall_sites(std::span<const std::byte> text, int number);

}  // namespace situ
