// VecDeque's ring, LinkedList's nodes, and the iterators that hold what is left of a run of elements.
#include <algorithm>

#include "decode/containers_rust.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr std::uint64_t address_space = std::uint64_t{1} << 47;
constexpr std::uint64_t most_nodes = 16'384;

std::uint64_t size_of(const Recording& recording, TypeId type) {
  return recording.at(without_aliases(recording, type)).size.value_or(0);
}

std::optional<std::uint64_t> first_pointer_word(const ContainerQuery& query, std::string_view name) {
  const auto field = find_named(query.recording, query.type, name);
  if (!field) return std::nullopt;
  const FoundField inner = innermost(query.recording, *field);
  const Type& type = query.recording.at(inner.type);
  if (type.kind != TypeKind::pointer) return std::nullopt;
  return query.bytes.word(inner.offset);
}

}  // namespace

// Since 1.67 {head, len}; before {tail, head}, where tail is the first element and capacity a power of two.
std::optional<ContainerView> rust_deque(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto element = argument_named(query.type, "T");
  auto capacity = word_named(query, "cap");
  const auto head = word_named(query, "head"), tail = word_named(query, "tail");
  auto length = word_named(query, "len");
  const auto pointer = find_field(recording, query.type, [](const Field&, const Type& type, const Type&) {
    return type.kind == TypeKind::pointer;
  });
  const auto start = pointer ? query.bytes.word(pointer->offset) : std::nullopt;
  if (!element || !capacity || !head || !start) return std::nullopt;
  const std::uint64_t base = *start, size = size_of(recording, *element);
  if (size == 0) capacity = ~std::uint64_t{0};
  if (!length) {
    if (!tail || *capacity == 0 || (size > 0 && (*capacity & (*capacity - 1)) != 0)) return std::nullopt;
    length = size == 0 ? *head - *tail : (*head - *tail) & (*capacity - 1);
    if (size > 0 && (*head >= *capacity || *tail >= *capacity)) return std::nullopt;
  }
  const std::uint64_t first = tail ? *tail : *head;
  if (*length > *capacity) return std::nullopt;
  if (size > 0 && (*capacity > address_space / size || first > *capacity)) return std::nullopt;
  if (size > 0 && *length > 0 && !query.memory.read_value<std::uint8_t>({base + first % *capacity * size})) {
    return std::nullopt;
  }
  ContainerView view;
  view.length = *length;
  if (size > 0) view.capacity = *capacity;
  view.indexes = shown_elements(*length, query.elements);
  for (const std::uint64_t i : view.indexes) {
    const std::uint64_t slot = size == 0 ? 0 : (first + i) % *capacity;
    view.entries.push_back({{}, item_at(query, {base + slot * size}, *element), {}, {}});
  }
  return view;
}

std::optional<ContainerView> rust_list(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto head = find_named(recording, query.type, "head"),
             tail = find_named(recording, query.type, "tail");
  const auto length = word_named(query, "len");
  const auto node_type = head ? pointee_of(recording, head->type) : std::nullopt;
  if (!head || !tail || !length || !node_type) return std::nullopt;
  const Type& node = recording.at(without_aliases(recording, *node_type));
  const auto next = find_named(recording, node, "next"), element = find_named(recording, node, "element");
  const auto first = query.bytes.word(head->offset), last = query.bytes.word(tail->offset);
  if (!next || !element || !first || !last || (*first == 0) != (*length == 0)) return std::nullopt;
  ContainerView view;
  view.length = *length;
  const auto wanted = shown_elements(std::min(*length, address_space), query.elements);
  std::uint64_t at = *first;
  for (std::uint64_t i = 0; i < std::min(*length, most_nodes) && view.entries.size() < wanted.size(); ++i) {
    const auto after = at == 0 ? std::nullopt : query.memory.read_value<std::uint64_t>({at + next->offset});
    if (!after) break;
    // The chain ends with the last node and not before.
    if (at % 8 != 0 || (*after == 0) != (i + 1 == *length) || (*after == 0 && at != *last))
      return std::nullopt;
    if (wanted[view.entries.size()] == i) {
      view.entries.push_back({{}, item_at(query, {at + element->offset}, element->type), {}, {}});
      view.indexes.push_back(i);
    }
    at = *after;
  }
  return view.entries.empty() && *length > 0 ? std::nullopt : std::optional(view);
}

// core::slice::Iter {ptr, end_or_len} and vec::IntoIter {buf, cap, ptr, end}: what is left.
std::optional<ContainerView> rust_iterator(const ContainerQuery& query) {
  const bool of_slice = query.type.name.starts_with("core::slice::iter::Iter<");
  if (!of_slice && !query.type.name.starts_with("alloc::vec::into_iter::IntoIter<")) return std::nullopt;
  const auto element = argument_named(query.type, "T");
  auto end = first_pointer_word(query, "end");
  if (!end) end = first_pointer_word(query, "end_or_len");
  const auto start = first_pointer_word(query, "ptr");
  const std::uint64_t size = element ? size_of(query.recording, *element) : 0;
  if (!start || !end || size == 0 || *start == 0 || *end < *start || *end >= address_space)
    return std::nullopt;
  if ((*end - *start) % size != 0) return std::nullopt;
  ContainerView view;
  view.form = ContainerForm::sequence;
  view.length = (*end - *start) / size;
  if (view.length > 0 && !query.memory.read_value<std::uint8_t>({*start})) return std::nullopt;
  view.indexes = shown_elements(view.length, query.elements);
  for (const std::uint64_t i : view.indexes) {
    view.entries.push_back({{}, item_at(query, {*start + i * size}, *element), {}, {}});
  }
  view.note = "left to iterate";
  return view;
}

}  // namespace situ
