// What kind of file a program is, before it is run: so that each kind that cannot be traced gets its own
// clear error.
#pragma once

#include <string>
#include <string_view>

namespace situ {

struct Executable {
  std::string path;              // absolute, as execve will get it
  bool has_interpreter = false;  // PT_INTERP: dynamically linked, the probe can be preloaded
  bool position_independent = false;
  bool has_thread_locals = false;  // PT_TLS: thread-local variables of its own
  bool set_id = false;             // setuid or setgid bit: runs without that privilege when traced
};

// Looks `name` up as execvp does. Throws Error{cannot_trace} with a remedy for: not found (suggests ./NAME
// where that exists), a directory, not executable, a script (names its interpreter), a 32-bit or
// foreign-architecture ELF, another format, a damaged ELF header.
Executable find_executable(std::string_view name);

}  // namespace situ
