// Which words of a library's container, and of the nodes it keeps on the heap, own those nodes; and where in
// a node the user's values lie. By the containers' structure alone: nothing is followed. One table per
// library.
#pragma once

#include <optional>
#include <vector>

#include "decode/bytes.h"
#include "decode/shapes.h"

namespace situ {

struct OwningWord {
  std::uint64_t offset = 0;
  std::optional<TypeId> pointee;            // what begins there: a node, the first element
  std::optional<std::uint64_t> count = {};  // elements, where it covers several
};
struct HeldValue {
  std::uint64_t offset = 0;
  TypeId type;
};
struct ContainerWords {
  std::vector<OwningWord> owners;
  std::vector<HeldValue> values;
};

// Empty: no such type, or its words cannot be what the type says.
std::optional<ContainerWords> container_words(const Recording& recording, const Type& type,
                                              const Bytes& bytes);
std::optional<ContainerWords> cpp_container_words(const Recording& recording, const Type& type,
                                                  const Bytes& bytes);
std::optional<ContainerWords> rust_container_words(const Recording& recording, const Type& type,
                                                   const Bytes& bytes);
// Whether it can be such a type.
bool is_container(const Type& type);
bool is_cpp_container(const Type& type);
bool is_rust_container(const Type& type);

// The type of a shared_ptr's counts and what may lie behind them, by the vtable the block begins with.
std::optional<TypeId> control_block_type(const Recording& recording, Address vptr);
// A B-tree's child by the size of its block: an inner node where `leaf` alone would not fill it.
TypeId node_of_size(const Recording& recording, TypeId leaf, std::uint64_t block_size);

}  // namespace situ
