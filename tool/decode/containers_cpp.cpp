// libstdc++ of GCC 12, as g++ and clang++ describe it.
#include "decode/containers_cpp.h"

#include <algorithm>
#include <array>

namespace situ {
namespace {

template <const std::string_view& member>
std::optional<ContainerView> member_of(const ContainerQuery& query) {
  return same_as_member(query, member);
}

constexpr std::string_view adapted = "c", complex_value = "_M_value", path_name = "_M_pathname",
                           referenced = "_M_data", current = "_M_current", node = "_M_node", cur = "_M_cur",
                           reversed = "current";

struct Row {
  std::string_view name;
  CppReader read;
};

constexpr std::array<Row, 52> rows = {{
    {"map", cpp_map},
    {"multimap", cpp_map},
    {"set", cpp_set},
    {"multiset", cpp_set},
    {"unordered_map", cpp_hash_map},
    {"unordered_multimap", cpp_hash_map},
    {"unordered_set", cpp_hash_set},
    {"unordered_multiset", cpp_hash_set},
    {"list", cpp_list},
    {"forward_list", cpp_forward_list},
    {"deque", cpp_deque},
    {"array", cpp_array},
    {"span", cpp_fixed_span},
    {"vector", cpp_vector_of_bool},
    {"bitset", cpp_bitset},
    {"stack", member_of<adapted>},
    {"queue", member_of<adapted>},
    {"priority_queue", member_of<adapted>},
    {"tuple", cpp_tuple},
    {"optional", cpp_optional},
    {"variant", cpp_variant},
    {"any", cpp_any},
    {"function", cpp_function},
    {"atomic", cpp_atomic},
    {"atomic_flag", cpp_atomic},
    {"complex", member_of<complex_value>},
    {"chrono::duration", cpp_duration},
    {"chrono::time_point", cpp_time_point},
    {"filesystem::path", member_of<path_name>},
    {"reference_wrapper", member_of<referenced>},
    {"mutex", cpp_mutex},
    {"recursive_mutex", cpp_mutex},
    {"timed_mutex", cpp_mutex},
    {"recursive_timed_mutex", cpp_mutex},
    {"thread", cpp_thread},
    {"jthread", cpp_thread},
    {"_Sp_counted_ptr", cpp_counts},
    {"_Sp_counted_deleter", cpp_counts},
    {"_Sp_counted_ptr_inplace", cpp_counts},
    {"_Rb_tree_node", cpp_node},
    {"_List_node", cpp_node},
    {"_Fwd_list_node", cpp_node},
    {"__detail::_Hash_node", cpp_node},
    {"_List_iterator", member_of<node>},
    {"_List_const_iterator", member_of<node>},
    {"_Fwd_list_iterator", member_of<node>},
    {"_Fwd_list_const_iterator", member_of<node>},
    {"_Rb_tree_iterator", member_of<node>},
    {"_Rb_tree_const_iterator", member_of<node>},
    {"_Deque_iterator", member_of<cur>},
    {"__detail::_Node_iterator", member_of<cur>},
    {"reverse_iterator", member_of<reversed>},
}};

}  // namespace

std::optional<ContainerView> cpp_container(const ContainerQuery& query) {
  const Type& type = query.type;
  if (type.kind != TypeKind::record || type.declaration_only || !type.size) return std::nullopt;
  if (name_without_arguments(type.name) == "__gnu_cxx::__normal_iterator") return member_of<current>(query);
  const std::string name = std_name(type.name);
  const auto row = std::ranges::find(rows, std::string_view(name), &Row::name);
  return name.empty() || row == rows.end() ? std::nullopt : row->read(query);
}

}  // namespace situ
