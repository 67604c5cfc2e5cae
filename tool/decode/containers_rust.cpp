// Rust's standard library, as rustc 1.63 to 1.97 lay it out: which reader knows which type.
#include "decode/containers_rust.h"

#include <algorithm>
#include <array>

namespace situ {
namespace {

struct Row {
  std::string_view name;  // the type's path without arguments, or its last part
  RustReader read;
};

// std's own types, by the last part of their names: their paths move between releases (std::sync::Mutex,
// std::sync::mutex::Mutex, std::sync::poison::mutex::Mutex).
constexpr std::array<Row, 36> rows = {{
    {"HashMap", rust_hash_table},
    {"HashSet", rust_hash_table},
    {"BTreeMap", rust_tree},
    {"BTreeSet", rust_tree},
    {"LeafNode", rust_tree_leaf},
    {"InternalNode", rust_tree_leaf},
    {"VecDeque", rust_deque},
    {"LinkedList", rust_list},
    {"Iter", rust_iterator},
    {"IntoIter", rust_iterator},
    {"Cell", rust_cell},
    {"RefCell", rust_ref_cell},
    {"Ref", rust_guard},
    {"RefMut", rust_guard},
    {"MutexGuard", rust_guard},
    {"RwLockReadGuard", rust_guard},
    {"RwLockWriteGuard", rust_guard},
    {"OnceCell", rust_once_cell},
    {"LazyCell", rust_once_cell},
    {"OnceLock", rust_once_lock},
    {"LazyLock", rust_once_lock},
    {"RcBox", rust_counts},
    {"RcInner", rust_counts},
    {"ArcInner", rust_counts},
    {"Mutex", rust_mutex},
    {"RwLock", rust_rw_lock},
    {"Range", rust_range},
    {"RangeInclusive", rust_range},
    {"RangeFrom", rust_range},
    {"RangeTo", rust_range},
    {"RangeToInclusive", rust_range},
    {"RangeFull", rust_range},
    {"Duration", rust_duration},
    {"Instant", rust_instant},
    {"SystemTime", rust_system_time},
    {"BinaryHeap", rust_same},
}};

bool of_the_library(std::string_view name) {
  static constexpr std::array<std::string_view, 4> crates = {"core::", "alloc::", "std::", "hashbrown::"};
  return std::ranges::any_of(crates, [name](std::string_view crate) { return name.starts_with(crate); });
}

}  // namespace

std::optional<ContainerView> rust_container(const ContainerQuery& query) {
  const Type& type = query.type;
  if (type.kind != TypeKind::record && type.kind != TypeKind::union_type) return std::nullopt;
  if (type.declaration_only || !type.size) return std::nullopt;
  if (short_name(type.name).starts_with("{closure_env#")) return rust_closure(query);
  if (!of_the_library(type.name)) return std::nullopt;
  if (seen_through(type)) return rust_same(query);
  const auto row = std::ranges::find(rows, short_name(type.name), &Row::name);
  return row == rows.end() ? std::nullopt : row->read(query);
}

}  // namespace situ
