// libstdc++: stl_tree.h, hashtable.h, stl_list.h, forward_list.h, stl_deque.h.
#include <algorithm>
#include <array>

#include "decode/container_words.h"
#include "decode/containers_cpp.h"
#include "decode/pointer_scan.h"

namespace situ {
namespace {

using Words = std::optional<ContainerWords>;

// A container's allocator is that of its nodes.
std::optional<TypeId> node_type(const Recording& recording, const Type& container) {
  const auto allocator = find_field(
      recording, container,
      [&](const Field&, const Type& type, const Type&) {
        if (type.name.find("allocator<") == std::string::npos) return false;
        const auto node = type_argument(recording, type, 0);
        return node && recording.at(*node).name.find("_node<") != std::string::npos;
      },
      12);
  return allocator ? type_argument(recording, recording.at(without_aliases(recording, allocator->type)), 0)
                   : std::nullopt;
}

std::optional<TypeId> own_id(const Recording& recording, const Type& type) {
  return TypeId{static_cast<std::uint32_t>(&type - recording.types.data())};
}

Words tree(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto header = find_named(recording, type, "_M_header"),
             count = find_named(recording, type, "_M_node_count");
  if (!header || !count) return std::nullopt;
  const auto root = bytes.word(header->offset + 8), nodes = bytes.word(count->offset);
  if (!root || !nodes || (*root == 0) != (*nodes == 0)) return std::nullopt;
  return ContainerWords{{{header->offset + 8, node_type(recording, type)}}, {}};
}

Words hash_table(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto buckets = find_named(recording, type, "_M_buckets"),
             count = find_named(recording, type, "_M_bucket_count"),
             first = find_named(recording, type, "_M_before_begin"),
             single = find_named(recording, type, "_M_single_bucket");
  if (!buckets || !count || !first || !single) return std::nullopt;
  const auto array = bytes.word(buckets->offset), length = bytes.word(count->offset);
  if (!array || !length || *length == 0) return std::nullopt;
  ContainerWords words{{{first->offset, node_type(recording, type)}}, {}};
  const bool own = bytes.at() && *array == (*bytes.at() + single->offset).value;
  const Type& pointer = recording.at(without_aliases(recording, buckets->type));
  if (!own) words.owners.push_back({buckets->offset, pointer.target, *length});
  return words;
}

Words list(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto next = find_named(recording, type, "_M_next");
  if (!next) return std::nullopt;
  const auto word = bytes.word(next->offset);
  const bool empty = word && bytes.at() && *word == (*bytes.at() + next->offset).value;  // its own head
  return empty ? ContainerWords{} : ContainerWords{{{next->offset, node_type(recording, type)}}, {}};
}

Words deque(const Recording& recording, const Type& type, const Bytes& bytes) {
  const auto map = find_named(recording, type, "_M_map"), size = find_named(recording, type, "_M_map_size"),
             start = find_named(recording, type, "_M_start"),
             finish = find_named(recording, type, "_M_finish");
  const auto element = type_argument(recording, type, 0);
  if (!map || !size || !start || !finish || !element) return std::nullopt;
  const Type& pointer = recording.at(without_aliases(recording, map->type));
  const auto entries = bytes.word(size->offset);
  ContainerWords words;
  if (entries) words.owners.push_back({map->offset, pointer.target, *entries});
  const std::uint64_t bytes_each = size_of(recording, *element);
  const auto cur = bytes.word(start->offset), first = bytes.word(start->offset + 8),
             last = bytes.word(start->offset + 16), to = bytes.word(finish->offset),
             end = bytes.word(finish->offset + 8);
  if (!cur || !first || !last || !to || !end || bytes_each == 0 || *last < *first || *cur < *first)
    return words;
  const std::uint64_t fit = (*last - *first) / bytes_each;
  const bool holds = may_hold_pointers(recording, *element);
  // What was never written, or left, is not looked into.
  const std::uint64_t used = *first != *end ? fit : *to < *first ? 0 : (*to - *first) / bytes_each;
  words.owners.push_back({start->offset + 8, element,
                          !holds           ? fit
                          : *cur == *first ? std::min(fit, used)
                                           : 0});
  if (*first == *end) return words;
  const std::uint64_t behind = *to < *end ? 0 : (*to - *end) / bytes_each;
  words.owners.push_back({finish->offset + 8, element, holds ? std::min(fit, behind) : fit});
  return words;
}

// A node: its links, and behind them what it holds.
Words node(const Recording& recording, const Type& type, std::initializer_list<std::string_view> links) {
  ContainerWords words;
  for (const std::string_view name : links) {
    const auto link = find_named(recording, type, name);
    if (!link) return std::nullopt;
    words.owners.push_back({link->offset, own_id(recording, type)});
  }
  const auto storage = find_named(recording, type, "_M_storage");
  const auto value = type_argument(recording, type, 0);
  if (storage && value) words.values.push_back({storage->offset, *value});
  return words;
}

// make_shared's block: the counts, and behind them the value.
Words counted_value(const Recording& recording, const Type& type) {
  ContainerWords words;
  const auto storage = find_named(recording, type, "_M_storage");
  const auto value = type_argument(recording, type, 0);
  if (storage && value) words.values.push_back({storage->offset, *value});
  return words;
}

constexpr std::array<std::string_view, 18> names = {"_Sp_counted_ptr",
                                                    "_Sp_counted_deleter",
                                                    "_Sp_counted_ptr_inplace",
                                                    "map",
                                                    "set",
                                                    "multimap",
                                                    "multiset",
                                                    "unordered_map",
                                                    "unordered_set",
                                                    "unordered_multimap",
                                                    "unordered_multiset",
                                                    "list",
                                                    "forward_list",
                                                    "deque",
                                                    "_Rb_tree_node",
                                                    "_List_node",
                                                    "_Fwd_list_node",
                                                    "__detail::_Hash_node"};

}  // namespace

bool is_cpp_container(const Type& type) {
  if (type.kind != TypeKind::record || type.declaration_only) return false;
  return std::ranges::find(names, std::string_view(std_name(type.name))) != names.end();
}

Words cpp_container_words(const Recording& recording, const Type& type, const Bytes& bytes) {
  if (!is_cpp_container(type)) return std::nullopt;
  const std::string name = std_name(type.name);
  if (name.starts_with("_Sp_counted")) return counted_value(recording, type);
  if (name.starts_with("unordered")) return hash_table(recording, type, bytes);
  if (name.ends_with("list")) return list(recording, type, bytes);
  if (name == "deque") return deque(recording, type, bytes);
  if (name == "_Rb_tree_node") return node(recording, type, {"_M_left", "_M_right"});
  if (name == "__detail::_Hash_node") return node(recording, type, {"_M_nxt"});
  if (name.ends_with("_node")) return node(recording, type, {"_M_next"});
  return tree(recording, type, bytes);
}

std::optional<TypeId> control_block_type(const Recording& recording, Address vptr) {
  constexpr std::uint64_t before_functions = 16;  // offset to top, typeinfo (Itanium ABI §2.5.2)
  const std::string_view symbol = symbol_name_at(recording, Address{vptr.value - before_functions});
  constexpr std::string_view prefix = "vtable for std::_Sp_counted_";
  if (!symbol.starts_with(prefix)) return std::nullopt;
  const std::string_view name = name_without_arguments(symbol.substr(prefix.find("std::")));
  for (std::uint32_t i = 0; i < recording.types.size(); ++i) {
    const Type& type = recording.types[i];
    if (type.declaration_only || name_without_arguments(type.name) != name || !is_cpp_container(type))
      continue;
    const auto argument = type_argument(recording, type, 0);
    // What the policy behind it is called differs between compilers.
    if (argument && same_type_name(recording.at(*argument).name, argument_in(symbol, name, 0)))
      return TypeId{i};
  }
  return std::nullopt;
}

}  // namespace situ
