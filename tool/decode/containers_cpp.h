// What the readers of libstdc++'s types share: finding members and template arguments, nodes that were
// walked, and the readers themselves by family. containers_cpp.cpp has their table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/containers.h"

namespace situ {

// "map" of "std::map<int, ...>", "chrono::duration" of "std::chrono::duration<...>", without the inline
// namespaces of the ABI; empty: not of namespace std, or a type inside such a template.
std::string std_name(std::string_view type_name);
// Without the template arguments that are defaults: "std::vector<int>", "std::string".
std::string plain_type_name(std::string_view type_name);
// The n-th template argument that is a type.
std::optional<TypeId> type_argument(const Recording& recording, const Type& type, std::size_t n);
// The n-th number in the type's name behind its first '<' ("std::bitset<12ul>").
std::optional<std::uint64_t> number_argument(std::string_view type_name, std::size_t n);
std::uint64_t size_of(const Recording& recording, TypeId type);
// As the psABI aligns it (§3.1.2); alignas is not in the debug info that is read.
std::uint64_t alignment_of(const Recording& recording, TypeId type, int depth = 8);
// Whether the demangler and a compiler may mean the same type by them.
bool same_type_name(std::string_view a, std::string_view b);
// The type of that name, spelled by the demangler or by a compiler.
std::optional<TypeId> type_named(const Recording& recording, std::string_view name);
// The name of the symbol at exactly this address; empty: none is known.
std::string_view symbol_name_at(const Recording& recording, Address at);
// "int" of "std::any::_Manager_internal<int>::_S_manage": the n-th argument of the template `of`.
std::string_view argument_in(std::string_view symbol, std::string_view of, std::size_t n);

std::optional<std::uint64_t> member_word(const ContainerQuery& query, std::string_view name);
ContainerItem content_at(const ContainerQuery& query, Address at, TypeId type);
std::optional<std::uint64_t> word_at(const ContainerQuery& query, Address at);
// `offset`: where the held value lies inside the wrapper, if it does.
ContainerView wrapped(std::string name, std::optional<ContainerItem> held = {}, std::uint64_t offset = 0);
std::optional<ContainerView> same_as_member(const ContainerQuery& query, std::string_view name);

// Longer chains are shown from their beginning only.
constexpr std::size_t most_walked = 1024;

struct NodeWalk {
  ContainerForm form = ContainerForm::sequence;
  std::uint64_t length = 0;    // as the container says
  std::vector<Address> nodes;  // the values in the nodes, in order; fewer than `length`: the first ones
  TypeId value;
  bool pairs = false;  // values are pairs of key and value
};
// How many nodes have to be walked to show some of `length`.
std::size_t nodes_wanted(const ContainerQuery& query, std::uint64_t length);
std::optional<ContainerView> walked(const ContainerQuery& query, const NodeWalk& walk);

// A unique_ptr's deleter, if it takes room.
std::optional<FoundField> cpp_deleter(const Recording& recording, const Type& type);

using CppReader = std::optional<ContainerView> (*)(const ContainerQuery& query);

std::optional<ContainerView> cpp_map(const ContainerQuery& query);
std::optional<ContainerView> cpp_set(const ContainerQuery& query);
std::optional<ContainerView> cpp_hash_map(const ContainerQuery& query);
std::optional<ContainerView> cpp_hash_set(const ContainerQuery& query);
std::optional<ContainerView> cpp_counts(const ContainerQuery& query);
std::optional<ContainerView> cpp_node(const ContainerQuery& query);
std::optional<ContainerView> cpp_list(const ContainerQuery& query);
std::optional<ContainerView> cpp_forward_list(const ContainerQuery& query);
std::optional<ContainerView> cpp_deque(const ContainerQuery& query);
std::optional<ContainerView> cpp_array(const ContainerQuery& query);
std::optional<ContainerView> cpp_fixed_span(const ContainerQuery& query);
std::optional<ContainerView> cpp_vector_of_bool(const ContainerQuery& query);
std::optional<ContainerView> cpp_bitset(const ContainerQuery& query);
std::optional<ContainerView> cpp_tuple(const ContainerQuery& query);
std::optional<ContainerView> cpp_optional(const ContainerQuery& query);
std::optional<ContainerView> cpp_variant(const ContainerQuery& query);
std::optional<ContainerView> cpp_any(const ContainerQuery& query);
std::optional<ContainerView> cpp_function(const ContainerQuery& query);
std::optional<ContainerView> cpp_atomic(const ContainerQuery& query);
std::optional<ContainerView> cpp_duration(const ContainerQuery& query);
std::optional<ContainerView> cpp_time_point(const ContainerQuery& query);
std::optional<ContainerView> cpp_mutex(const ContainerQuery& query);
std::optional<ContainerView> cpp_thread(const ContainerQuery& query);

}  // namespace situ
