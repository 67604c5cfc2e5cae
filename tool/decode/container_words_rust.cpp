// Rust's alloc::collections and hashbrown: VecDeque, LinkedList, BTreeMap, HashMap.
#include <algorithm>
#include <array>

#include "decode/container_words.h"
#include "decode/containers_rust.h"
#include "decode/pointer_scan.h"

namespace situ {
namespace {

using Words = std::optional<ContainerWords>;

constexpr std::uint64_t node_capacity = 11;  // of a B-tree's node

std::uint64_t size_of(const Recording& recording, TypeId type) {
  return recording.at(without_aliases(recording, type)).size.value_or(0);
}

std::optional<std::uint64_t> word_of(const Recording& recording, const Type& type, const Bytes& bytes,
                                     std::string_view name) {
  const auto field = find_named(recording, type, name);
  return field ? bytes.word(innermost(recording, *field).offset) : std::nullopt;
}

// Of a ring that was written from its first place on, those before the first that was not.
Words deque(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto element = argument_named(type, "T");
  const auto pointer = find_field(recording, type, [](const Field&, const Type& field, const Type&) {
    return field.kind == TypeKind::pointer;
  });
  const auto capacity = word_of(recording, type, bytes, "cap"),
             head = word_of(recording, type, bytes, "head"), length = word_of(recording, type, bytes, "len");
  if (!element || !pointer || !capacity || size_of(recording, *element) == 0) return std::nullopt;
  if (*capacity == 0) return ContainerWords{};
  std::uint64_t count = *capacity;
  if (may_hold_pointers(recording, *element)) {
    if (!head || !length || *head > *capacity || *length > *capacity) return std::nullopt;
    count = *head == 0 ? *length : *length > *capacity - *head ? *length - (*capacity - *head) : 0;
  }
  return ContainerWords{{{pointer->offset, *element, count}}, {}};
}

Words list(const Recording& recording, const Type& type, std::string_view link) {
  const auto next = find_named(recording, type, link);
  const auto node = next ? pointee_of(recording, next->type) : std::nullopt;
  if (!node) return std::nullopt;
  ContainerWords words{{{next->offset, *node}}, {}};
  if (const auto element = own_field(recording, type, "element")) {
    words.values.push_back({element->offset, element->type});
  }
  return words;
}

Words tree(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto root = find_named(recording, type, "root");
  if (!root) return std::nullopt;
  const auto top = payload_of(recording, bytes, *root);
  if (!top) return ContainerWords{};
  const Type& reference = recording.at(without_aliases(recording, top->type));
  const auto node = find_named(recording, reference, "node");
  const auto leaf = node ? pointee_of(recording, node->type) : std::nullopt;
  if (!leaf) return std::nullopt;
  return ContainerWords{{{top->offset + innermost(recording, *node).offset, *leaf}}, {}};
}

// The keys and values a node has; the rest was never written.
Words leaf(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto keys = find_named(recording, type, "keys"), values = find_named(recording, type, "vals"),
             length = find_named(recording, type, "len");
  if (!keys || !values || !length) return std::nullopt;
  const auto used = bytes.number(length->offset, 2);
  const auto count = static_cast<std::uint64_t>(used.value_or(node_capacity + 1));
  if (count > node_capacity) return std::nullopt;
  ContainerWords words;
  for (const auto& array : {keys, values}) {
    const auto element = recording.at(without_aliases(recording, array->type)).element;
    if (!element) return std::nullopt;
    const FoundField item = innermost(recording, {0, *element});
    for (std::uint64_t i = 0; i < count; ++i) {
      words.values.push_back({array->offset + i * size_of(recording, *element) + item.offset, item.type});
    }
  }
  return words;
}

Words inner_node(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto data = own_field(recording, type, "data"), edges = own_field(recording, type, "edges");
  if (!data || !edges) return std::nullopt;
  const Type& first = recording.at(without_aliases(recording, data->type));
  auto words = leaf(recording, first, bytes.part(data->offset));
  if (!words) return std::nullopt;
  for (HeldValue& value : words->values) value.offset += data->offset;
  const std::uint64_t children = words->values.size() / 2 + 1;
  for (std::uint64_t i = 0; i < children; ++i) words->owners.push_back({edges->offset + 8 * i, data->type});
  return words;
}

// The control bytes lie inside the table's block, behind the buckets.
Words hash_table(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto ctrl = find_named(recording, type, "ctrl");
  const auto mask = word_of(recording, type, bytes, "bucket_mask");
  if (!ctrl || !mask) return std::nullopt;
  if (*mask == 0) return ContainerWords{};  // the one empty group that all share
  return ContainerWords{{{innermost(recording, *ctrl).offset, std::nullopt}}, {}};
}

constexpr std::array<std::string_view, 9> names = {"VecDeque", "LinkedList", "BTreeMap",
                                                   "BTreeSet", "LeafNode",   "InternalNode",
                                                   "HashMap",  "HashSet",    "Node"};

}  // namespace

bool is_rust_container(const Type& type) {
  if (type.kind != TypeKind::record || type.declaration_only) return false;
  const std::string_view name = short_name(type.name);
  if (name == "Node") return type.name.starts_with("alloc::collections::linked_list::Node<");
  const bool library = type.name.starts_with("alloc::") || type.name.starts_with("std::");
  return library && std::ranges::find(names, name) != names.end();
}

Words rust_container_words(const Recording& recording, const Type& type, const Bytes& bytes) {
  if (!is_rust_container(type)) return std::nullopt;
  const std::string_view name = short_name(type.name);
  if (name == "VecDeque") return deque(recording, type, bytes);
  if (name == "LinkedList") return list(recording, type, "head");
  if (name == "Node") return list(recording, type, "next");
  if (name == "LeafNode") return leaf(recording, type, bytes);
  if (name == "InternalNode") return inner_node(recording, type, bytes);
  if (name.starts_with("Hash")) return hash_table(recording, type, bytes);
  return tree(recording, type, bytes);
}

TypeId node_of_size(const Recording& recording, TypeId id, std::uint64_t block_size) {
  const Type& type = recording.at(without_aliases(recording, id));
  if (short_name(type.name) != "LeafNode" || !is_rust_container(type) || type.size == block_size) return id;
  const auto parent = find_named(recording, type, "parent");
  const auto inner = parent ? pointee_of(recording, parent->type) : std::nullopt;
  return inner && size_of(recording, *inner) == block_size ? *inner : id;
}

}  // namespace situ
