// Linkage names as people read them: Rust v0 and legacy, then Itanium C++. Hashes are stripped.
#pragma once

#include <string>
#include <string_view>

namespace situ {

// The name itself where it is not mangled. Argument lists are left out: "Shape::area", "operator new".
std::string demangle(std::string_view linkage_name);

}  // namespace situ
