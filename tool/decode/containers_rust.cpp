// Rust's standard library, as rustc 1.63 to 1.97 lay it out.
#include "decode/containers.h"

namespace situ {

std::optional<ContainerView> rust_container(const ContainerQuery&) {
  return std::nullopt;
}

}  // namespace situ
