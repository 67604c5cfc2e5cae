// How a command that cannot go on says so. main.cpp alone catches Error.
#pragma once

#include <stdexcept>
#include <string>

namespace situ {

// Decides the exit status: usage 2, cannot_trace 3, file 5 (product.md).
enum class ErrorKind { usage, cannot_trace, file };

class Error : public std::runtime_error {
 public:
  // `tried`: what was tried, on what ("cannot run ./box"); `why`: the reason ("it is a script, not an ELF
  // file"); `remedy`: what to do about it, or empty.
  Error(ErrorKind kind, std::string tried, std::string why, std::string remedy = {});

  ErrorKind kind;
  std::string tried, why, remedy;
};

// Throws Error{kind, tried, strerror(errno)}; call right after the failing system call.
[[noreturn]] void throw_errno(ErrorKind kind, std::string tried);

// Repeats `call` while it fails with EINTR.
template <class Call>
auto retry_eintr(Call&& call) -> decltype(call());

}  // namespace situ

#include <cerrno>

namespace situ {

template <class Call>
auto retry_eintr(Call&& call) -> decltype(call()) {
  for (;;) {
    auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

}  // namespace situ
