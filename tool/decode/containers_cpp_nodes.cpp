// Trees, lists and hash tables: chains of nodes, walked with a bound and checked link by link.
#include "decode/containers_cpp.h"

#include <algorithm>
#include <unordered_set>

namespace situ {
namespace {

// _Rb_tree_node_base {color, parent, left, right}, the value behind it (stl_tree.h). The header is such a
// node in the container: its parent is the root, its left and right the first and the last node.
class Tree {
 public:
  Tree(const ContainerQuery& query, Address header) : query_(query), header_(header) {}

  std::optional<Address> parent(Address n) const { return link(n, 8); }
  std::optional<Address> left(Address n) const { return link(n, 16); }
  std::optional<Address> right(Address n) const { return link(n, 24); }

  // Empty: a word is not known. `broken`: the links contradict each other.
  std::optional<Address> next(Address n, bool& broken) const {
    auto down = right(n);
    if (!down) return std::nullopt;
    if (down->value != 0) {
      Address from = n;
      for (int i = 0; i < highest; ++i) {
        const auto up = parent(*down);
        if (!up) return std::nullopt;
        if (*up != from) break;
        from = *down;
        down = left(from);
        if (!down) return std::nullopt;
        if (down->value == 0) return from;
      }
      broken = true;
      return std::nullopt;
    }
    for (int i = 0; i < highest; ++i) {
      const auto up = parent(n);
      if (!up) return std::nullopt;
      if (*up == header_) {
        // The root: what is right of it was walked before.
        return header_;
      }
      const auto first = left(*up);
      if (!first) return std::nullopt;
      if (*first == n) return up;
      n = *up;
    }
    broken = true;
    return std::nullopt;
  }

 private:
  std::optional<Address> link(Address n, std::uint64_t offset) const {
    const auto word = word_at(query_, n + offset);
    return word ? std::optional(Address{*word}) : std::nullopt;
  }

  // A red-black tree of 2^64 nodes is at most this high.
  static constexpr int highest = 128;
  const ContainerQuery& query_;
  Address header_;
};

std::optional<ContainerView> tree(const ContainerQuery& query, ContainerForm form) {
  const Recording& recording = query.recording;
  const auto inner = find_field(recording, query.type, [](const Field&, const Type& type, const Type&) {
    return std_name(type.name) == "_Rb_tree";
  });
  const auto header = find_named(recording, query.type, "_M_header");
  const auto count = member_word(query, "_M_node_count");
  if (!inner || !header || !count || !query.bytes.at()) return std::nullopt;
  const auto value = type_argument(recording, recording.at(inner->type), 1);
  if (!value) return std::nullopt;
  const Address end = *query.bytes.at() + header->offset;
  const Bytes head = query.bytes.part(header->offset);
  const auto root = head.word(8), first = head.word(16), last = head.word(24);
  if (!root || !first || !last || (*root == 0) != (*count == 0)) return std::nullopt;
  NodeWalk walk{form, *count, {}, *value, form == ContainerForm::map};
  if (*count == 0) return *first == end.value && *last == end.value ? walked(query, walk) : std::nullopt;
  const Tree links(query, end);
  if (links.parent({*root}) != end || links.left({*first}) != Address{0}) return std::nullopt;
  constexpr std::uint64_t node_size = 32;
  const std::size_t wanted = nodes_wanted(query, *count);
  for (Address node{*first};;) {
    walk.nodes.push_back(node + std::max(node_size, alignment_of(recording, *value)));
    if (walk.nodes.size() == wanted && wanted < *count) break;
    bool broken = false;
    const auto next = links.next(node, broken);
    if (broken) return std::nullopt;
    if (!next) break;  // not captured
    if (*next == end) {
      if (walk.nodes.size() != *count) return std::nullopt;
      break;
    }
    if (walk.nodes.size() == *count) return std::nullopt;
    node = *next;
  }
  return walked(query, walk);
}

std::uint64_t align_up(std::uint64_t offset, std::uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

// _Hash_node {next, value, perhaps its hash}; all nodes form one chain (hashtable.h).
std::optional<ContainerView> hash_table(const ContainerQuery& query, ContainerForm form) {
  const Recording& recording = query.recording;
  const auto inner = find_field(recording, query.type, [](const Field&, const Type& type, const Type&) {
    return std_name(type.name) == "_Hashtable";
  });
  const auto before = find_named(recording, query.type, "_M_before_begin");
  const auto count = member_word(query, "_M_element_count");
  const auto buckets = member_word(query, "_M_bucket_count");
  if (!inner || !before || !count || !buckets || *buckets == 0) return std::nullopt;
  const auto value = type_argument(recording, recording.at(inner->type), 1);
  auto node = query.bytes.word(before->offset);
  if (!value || !node || (*node == 0) != (*count == 0)) return std::nullopt;
  const std::uint64_t offset = align_up(8, alignment_of(recording, *value));
  NodeWalk walk{form, *count, {}, *value, form == ContainerForm::map};
  const std::size_t wanted = nodes_wanted(query, *count);
  while (*node != 0) {
    if (walk.nodes.size() == *count) return std::nullopt;
    if (walk.nodes.size() == wanted) break;
    const auto next = word_at(query, {*node});
    if (!next) break;
    walk.nodes.push_back(Address{*node} + offset);
    node = next;
  }
  if (*node == 0 && walk.nodes.size() != *count) return std::nullopt;
  return walked(query, walk);
}

}  // namespace

std::optional<ContainerView> cpp_map(const ContainerQuery& query) {
  return tree(query, ContainerForm::map);
}
std::optional<ContainerView> cpp_set(const ContainerQuery& query) {
  return tree(query, ContainerForm::set);
}
std::optional<ContainerView> cpp_hash_map(const ContainerQuery& query) {
  return hash_table(query, ContainerForm::map);
}
std::optional<ContainerView> cpp_hash_set(const ContainerQuery& query) {
  return hash_table(query, ContainerForm::set);
}

// A node by itself, as a block holds it: what it keeps for the container.
std::optional<ContainerView> cpp_node(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto storage = find_named(recording, query.type, "_M_storage");
  const auto value = type_argument(recording, query.type, 0);
  if (!storage || !value) return std::nullopt;
  const Type& held = recording.at(without_aliases(recording, *value));
  const auto key = find_named(recording, held, "first"), second = find_named(recording, held, "second");
  const std::string name = std_name(query.type.name);
  const bool pair = std_name(held.name) == "pair" && key && second && !name.ends_with("ist_node");
  ContainerView view;
  view.form = pair ? ContainerForm::map : ContainerForm::sequence;
  view.length = 1;
  const auto item = [&](std::uint64_t offset, TypeId type) {
    return ContainerItem{query.bytes.part(storage->offset + offset), type};
  };
  ContainerEntry entry{{}, item(0, *value), {}, {}};
  if (pair) {
    entry.key = item(key->offset, key->type);
    entry.value = item(second->offset, second->type);
  }
  view.entries.push_back(std::move(entry));
  return view;
}

// _List_node {next, prev, value}; the head is such a node in the container, with the count behind it.
std::optional<ContainerView> cpp_list(const ContainerQuery& query) {
  const auto head = find_named(query.recording, query.type, "_M_node");
  const auto count = member_word(query, "_M_size");
  const auto value = type_argument(query.recording, query.type, 0);
  if (!head || !count || !value || !query.bytes.at()) return std::nullopt;
  const std::uint64_t end = query.bytes.at()->value + head->offset;
  auto node = query.bytes.word(head->offset);
  if (!node || (*node == end) != (*count == 0)) return std::nullopt;
  const std::uint64_t offset = align_up(16, alignment_of(query.recording, *value));
  NodeWalk walk{ContainerForm::sequence, *count, {}, *value, false};
  const std::size_t wanted = nodes_wanted(query, *count);
  std::uint64_t before = end;
  while (*node != end) {
    if (walk.nodes.size() == *count) return std::nullopt;
    if (walk.nodes.size() == wanted) break;
    const auto next = word_at(query, {*node}), back = word_at(query, {*node + 8});
    if (!next || !back) break;
    if (*back != before) return std::nullopt;
    walk.nodes.push_back(Address{*node} + offset);
    before = *node;
    node = next;
  }
  if (*node == end && walk.nodes.size() != *count) return std::nullopt;
  return walked(query, walk);
}

// _Fwd_list_node {next, value}; nothing says how many there are.
std::optional<ContainerView> cpp_forward_list(const ContainerQuery& query) {
  auto node = member_word(query, "_M_next");
  const auto value = type_argument(query.recording, query.type, 0);
  if (!node || !value) return std::nullopt;
  const std::uint64_t offset = align_up(8, alignment_of(query.recording, *value));
  NodeWalk walk{ContainerForm::sequence, 0, {}, *value, false};
  std::unordered_set<std::uint64_t> seen;
  while (*node != 0 && walk.nodes.size() < most_walked) {
    if (!seen.insert(*node).second) return std::nullopt;  // a ring
    const auto next = word_at(query, {*node});
    if (!next) return std::nullopt;
    walk.nodes.push_back(Address{*node} + offset);
    node = next;
  }
  const bool more = *node != 0;
  walk.length = walk.nodes.size();
  auto view = walked(query, walk);
  if (view && more) view->note = "and more";
  return view;
}

}  // namespace situ
