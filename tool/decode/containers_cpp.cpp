// libstdc++ of GCC 12, as g++ and clang++ describe it.
#include "decode/containers.h"

namespace situ {

std::optional<ContainerView> cpp_container(const ContainerQuery&) {
  return std::nullopt;
}

}  // namespace situ
