// Readers of Rust's library types, one per family (containers_rust_*.cpp), and what they share: finding the
// one value behind wrappers and reading the numbers in it. Used by containers_rust.cpp, whose table names
// them.
#pragma once

#include "decode/containers.h"

namespace situ {

using RustReader = std::optional<ContainerView> (*)(const ContainerQuery& query);

// containers_rust_wrappers.cpp
std::optional<ContainerView> rust_same(const ContainerQuery& query);  // UnsafeCell, NonNull, NonZero, atomics
std::optional<ContainerView> rust_cell(const ContainerQuery& query);
std::optional<ContainerView> rust_ref_cell(const ContainerQuery& query);
std::optional<ContainerView> rust_guard(const ContainerQuery& query);
std::optional<ContainerView> rust_once_cell(const ContainerQuery& query);
std::optional<ContainerView> rust_once_lock(const ContainerQuery& query);
std::optional<ContainerView> rust_counts(const ContainerQuery& query);  // RcInner, ArcInner
// containers_rust_locks.cpp
std::optional<ContainerView> rust_mutex(const ContainerQuery& query);
std::optional<ContainerView> rust_rw_lock(const ContainerQuery& query);
// containers_rust_sequences.cpp
std::optional<ContainerView> rust_deque(const ContainerQuery& query);
std::optional<ContainerView> rust_list(const ContainerQuery& query);
std::optional<ContainerView> rust_iterator(const ContainerQuery& query);
// containers_rust_hash.cpp, containers_rust_tree.cpp
std::optional<ContainerView> rust_hash_table(const ContainerQuery& query);
std::optional<ContainerView> rust_tree(const ContainerQuery& query);
std::optional<ContainerView> rust_tree_leaf(const ContainerQuery& query);
// containers_rust_parts.cpp
std::optional<ContainerView> rust_range(const ContainerQuery& query);
std::optional<ContainerView> rust_duration(const ContainerQuery& query);
std::optional<ContainerView> rust_instant(const ContainerQuery& query);
std::optional<ContainerView> rust_system_time(const ContainerQuery& query);
std::optional<ContainerView> rust_closure(const ContainerQuery& query);

// A wrapper that says nothing a person wants to see beyond the one value in it.
bool seen_through(const Type& type);
std::optional<FoundField> value_behind(const Recording& recording, const Type& wrapper);
// The value behind such wrappers, from the wrapper's start; the type itself when it is none.
FoundField innermost(const Recording& recording, FoundField field);
// The same, and behind a Cell: counters.
FoundField counter_of(const Recording& recording, const FoundField& field);
// The type's own field, where a wrapper's inner one has the same name.
std::optional<FoundField> own_field(const Recording& recording, const Type& type, std::string_view name);
// The number behind the field of this name, which may be wrapped; sign-extended as its type says.
std::optional<Int128> number_named(const ContainerQuery& query, std::string_view name);
std::optional<Int128> number_at(const ContainerQuery& query, const FoundField& field);
// The same as an unsigned word.
std::optional<std::uint64_t> word_named(const ContainerQuery& query, std::string_view name);
// What the first pointer behind the field points to, looking into an Option's payload.
std::optional<TypeId> pointee_of(const Recording& recording, TypeId type, int depth = 8);
// What an Option, or another enum, holds now: the first field of its active variant.
std::optional<FoundField> payload_of(const Recording& recording, const Bytes& bytes,
                                     const FoundField& choice);
std::optional<TypeId> argument_named(const Type& type, std::string_view name);

ContainerEntry entry_of(const ContainerQuery& query, const FoundField& field, std::string name = {});
// Somewhere else in memory.
ContainerItem item_at(const ContainerQuery& query, Address address, TypeId type);
// "Cell(5) (note)" around the field.
ContainerView wrapped(const ContainerQuery& query, std::string name, const FoundField& field);

}  // namespace situ
