// What the names of library functions on the stack of a release say about it.
#pragma once

#include <cstdint>
#include <string_view>

namespace situ {

enum class ReleasingCall : std::uint8_t {
  other,
  drop,           // a destructor or drop glue
  explicit_drop,  // core::mem::drop, unique_ptr::reset
  assignment,     // operator=
  growth,
  removal,
  thread_exit,
  program_exit
};
// Of a function's full name, as people write it.
ReleasingCall releasing_call(std::string_view function);
// "clear" of "std::vector<int, ...>::clear", "~Holder" of "Holder::~Holder".
std::string_view last_name(std::string_view function);
bool is_destructor(std::string_view function);

}  // namespace situ
