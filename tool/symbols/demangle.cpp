#include "symbols/demangle.h"

#include <libiberty/demangle.h>

#include <cstdlib>
#include <memory>

namespace situ {
namespace {

struct Free {
  void operator()(char* text) const { std::free(text); }
};
using OwnedText = std::unique_ptr<char, Free>;

// Longer names are left as they are: the demanglers recurse over their input.
constexpr std::size_t longest_name = 64 << 10;

}  // namespace

std::string demangle(std::string_view linkage_name) {
  const std::string name(linkage_name);
  if (name.size() > longest_name || name.find('\0') != std::string::npos) return name;
  // Rust first: its legacy names are also Itanium names, but with the hash as a last component.
  if (OwnedText rust{rust_demangle(name.c_str(), 0)}) return rust.get();
  // DMGL_PARAMS is left out: no argument lists.
  if (name.starts_with("_Z"))
    if (OwnedText cpp{cplus_demangle_v3(name.c_str(), DMGL_ANSI)}) return cpp.get();
  return name;
}

}  // namespace situ
