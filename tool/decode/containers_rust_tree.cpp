// BTreeMap and BTreeSet: nodes of up to 11 keys. A node of height 0 is a leaf; the others begin with a leaf's
// members, followed by `edges` to len + 1 nodes one lower. In order: edge 0, key 0, edge 1, key 1, …
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "decode/containers_rust.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr std::uint64_t node_capacity = 11;
constexpr std::uint64_t highest = 24;  // with 6 or more ways a node, more than memory can hold
constexpr std::size_t most_nodes = 4096;

struct NodeLayout {
  std::uint64_t keys = 0, values = 0, length = 0, edges = 0;
  TypeId key, value;
  std::uint64_t key_size = 0, value_size = 0;
};

std::optional<NodeLayout> layout_of(const Recording& recording, TypeId leaf_id) {
  const Type& leaf = recording.at(without_aliases(recording, leaf_id));
  const auto keys = find_named(recording, leaf, "keys"), values = find_named(recording, leaf, "vals");
  const auto length = find_named(recording, leaf, "len"), parent = find_named(recording, leaf, "parent");
  if (!keys || !values || !length || !parent) return std::nullopt;
  const auto key = recording.at(keys->type).element, value = recording.at(values->type).element;
  const auto internal = pointee_of(recording, parent->type);
  if (!key || !value || !internal) return std::nullopt;
  const auto size = [&](TypeId id) { return recording.at(without_aliases(recording, id)).size.value_or(0); };
  const auto edges = find_named(recording, recording.at(without_aliases(recording, *internal)), "edges");
  if (!edges) return std::nullopt;
  return NodeLayout{keys->offset, values->offset, length->offset, edges->offset,
                    *key,         *value,         size(*key),     size(*value)};
}

// Visits the entries in order until `visit` has seen enough or a node is not known.
class Walk {
 public:
  Walk(const ContainerQuery& query, const NodeLayout& layout) : query_(query), layout_(layout) {}

  // The entries wanted, by position.
  void take(std::vector<std::uint64_t> wanted) { wanted_ = std::move(wanted); }
  // False: it had to stop.
  bool node(Address at, std::uint64_t height) {
    const auto length = at.value % 8 == 0 ? query_.memory.read_value<std::uint16_t>(at + layout_.length)
                                          : std::optional<std::uint16_t>{};
    if (++nodes_ > most_nodes || !length || *length == 0 || *length > node_capacity) return false;
    for (std::uint64_t i = 0; i <= *length; ++i) {
      if (height > 0) {
        const auto edge = query_.memory.read_value<std::uint64_t>(at + layout_.edges + 8 * i);
        if (!edge || !node({*edge}, height - 1)) return false;
      }
      if (i < *length) entry(at, i);
    }
    return true;
  }
  std::vector<ContainerEntry>& entries() { return entries_; }
  std::uint64_t seen() const { return position_; }

 private:
  void entry(Address at, std::uint64_t i) {
    const std::uint64_t position = position_++;
    if (entries_.size() == wanted_.size() || wanted_[entries_.size()] != position) return;
    entries_.push_back({item_at(query_, at + layout_.keys + i * layout_.key_size, layout_.key),
                        item_at(query_, at + layout_.values + i * layout_.value_size, layout_.value),
                        {},
                        {}});
  }

  const ContainerQuery& query_;
  const NodeLayout& layout_;
  std::vector<std::uint64_t> wanted_;
  std::vector<ContainerEntry> entries_;
  std::uint64_t position_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

// A node by itself, as a block holds it: its keys beyond `len` were never written.
std::optional<ContainerView> rust_tree_leaf(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto keys = find_named(recording, query.type, "keys"),
             values = find_named(recording, query.type, "vals");
  const auto length = word_named(query, "len");
  if (!keys || !values || !length || *length > node_capacity) return std::nullopt;
  const auto key = recording.at(keys->type).element, value = recording.at(values->type).element;
  if (!key || !value) return std::nullopt;
  const auto item = [&](const FoundField& array, TypeId element, std::uint64_t i) {
    const std::uint64_t size = recording.at(without_aliases(recording, element)).size.value_or(0);
    return entry_of(query, {array.offset + i * size, without_aliases(recording, element)}).value;
  };
  ContainerView view;
  view.form = ContainerForm::map;
  view.length = *length;
  view.capacity = node_capacity;
  for (std::uint64_t i = 0; i < *length; ++i) {
    view.entries.push_back({item(*keys, *key, i), item(*values, *value, i), {}, {}});
  }
  if (find_named(recording, query.type, "edges")) view.note = fmt::format("and {} nodes below", *length + 1);
  return view;
}

std::optional<ContainerView> rust_tree(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto root = find_named(recording, query.type, "root");
  const auto length = word_named(query, "length");
  if (!root || !length) return std::nullopt;
  ContainerView view;
  const bool set = short_name(query.type.name) == "BTreeSet";
  view.form = set ? ContainerForm::set : ContainerForm::map;
  view.length = *length;
  if (*length == 0) return view;
  const auto top = payload_of(recording, query.bytes, *root);
  if (!top) return std::nullopt;
  const Type& reference = recording.at(top->type);
  const auto node = find_named(recording, reference, "node");
  const auto height_field = find_named(recording, reference, "height");
  if (!node || !height_field) return std::nullopt;
  const auto height = number_at(query, {top->offset + height_field->offset, height_field->type});
  const auto address = query.bytes.word(top->offset + innermost(recording, *node).offset);
  const auto leaf = pointee_of(recording, node->type);
  if (!height || *height < 0 || *height > highest || !address || !leaf) return std::nullopt;
  const auto layout = layout_of(recording, *leaf);
  if (!layout) return std::nullopt;
  Walk walk(query, *layout);
  view.indexes = shown_elements(*length, query.elements);
  walk.take(view.indexes);
  const bool whole = walk.node({*address}, static_cast<std::uint64_t>(*height));
  if (walk.seen() > *length || (whole && walk.seen() != *length)) return std::nullopt;
  view.entries = std::move(walk.entries());
  if (view.entries.empty()) return std::nullopt;
  if (set) {
    for (ContainerEntry& entry : view.entries) {
      entry.value = *entry.key;
      entry.key.reset();
    }
  }
  return view;
}

}  // namespace situ
