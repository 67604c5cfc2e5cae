#include "decode/container_words.h"

namespace situ {

std::optional<ContainerWords> container_words(const Recording& recording, const Type& type,
                                              const Bytes& bytes) {
  return type.language == Language::rust ? rust_container_words(recording, type, bytes)
                                         : cpp_container_words(recording, type, bytes);
}

bool is_container(const Type& type) {
  return type.language == Language::rust ? is_rust_container(type) : is_cpp_container(type);
}

}  // namespace situ
