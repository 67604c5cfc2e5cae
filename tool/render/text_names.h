// Names shortened to what a picture has room for. Only qualifications and default arguments are left out;
// nothing is renamed.
#pragma once

#include <string>
#include <string_view>

#include "model/recording.h"

namespace situ {

// "alloc::vec::Vec<i32, alloc::alloc::Global>" -> "Vec<i32>",
// "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char>>" -> "string".
std::string short_type(std::string_view name);

// "article::shapes::area" -> "area"; "<T as core::fmt::Display>::fmt" -> "fmt".
std::string short_function(std::string_view name);

// "/home/me/src/box.rs" -> "box.rs".
std::string_view file_name(std::string_view path);

// "box.rs:6"; "" without a position.
std::string position(std::string_view file, std::uint32_t line);

// Line `line` of a source the recording holds, tabs and surrounding blanks removed; "" if it is not there.
std::string source_line(const Recording& recording, std::string_view file, std::uint32_t line);

// "4 B", "12,288 B".
std::string bytes_text(std::uint64_t bytes);
// "1,234"
std::string count_text(std::uint64_t count);
// "1 block", "2 blocks"
std::string count_text(std::uint64_t count, std::string_view noun);

std::string hex(std::uint64_t value);

}  // namespace situ
