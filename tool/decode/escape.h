// Foreign bytes and names as text a terminal and a browser can show: valid UTF-8, every control character,
// bidirectional control and invisible character spelled out. What is shown is never what is executed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace situ {

// "hi\n" with its quotes; bytes that are not UTF-8 become \xff.
std::string quoted(std::span<const std::byte> bytes);
// 'a'; code points that cannot be shown become '\u{202e}'.
std::string quoted_character(char32_t code_point);
// A name (of a field, a symbol, a thread) without quotes; ordinary names come back unchanged.
std::string printable(std::string_view name);
// Whether a person would call the bytes text: UTF-8 throughout, or mostly printable ASCII.
bool looks_like_text(std::span<const std::byte> bytes);

}  // namespace situ
