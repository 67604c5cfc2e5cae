// Types that hold one value and say something about it: cells with their borrows, guards, values computed
// once, and the counted blocks of Rc and Arc.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "decode/containers_rust.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr Int128 most_borrows = Int128{1} << 32;

std::optional<TypeId> type_bool(const Recording& recording) {
  for (std::uint32_t i = 0; i < recording.types.size(); ++i) {
    const Type& type = recording.types[i];
    if (type.language == Language::rust && type.kind == TypeKind::base && type.name == "bool") {
      return TypeId{i};
    }
  }
  return std::nullopt;
}

ContainerView empty_wrapper(std::string name, std::string note) {
  ContainerView view;
  view.form = ContainerForm::wrapper;
  view.name = std::move(name);
  view.note = std::move(note);
  return view;
}

std::string name_of(const Type& type) {
  return std::string(short_name(type.name));
}

}  // namespace

std::optional<ContainerView> rust_same(const ContainerQuery& query) {
  auto held = value_behind(query.recording, query.type);
  if (!held) return std::nullopt;
  FoundField& inner = *held;
  const std::string_view name = query.type.name;
  if (name == "core::sync::atomic::AtomicBool" || name == "core::sync::atomic::Atomic<bool>") {
    inner.type = type_bool(query.recording).value_or(inner.type);
  }
  ContainerView view;
  view.form = ContainerForm::same;
  view.length = 1;
  view.entries.push_back(entry_of(query, inner));
  return view;
}

std::optional<ContainerView> rust_cell(const ContainerQuery& query) {
  const auto held = own_field(query.recording, query.type, "value");
  return held ? std::optional(wrapped(query, name_of(query.type), *held)) : std::nullopt;
}

// `borrow`: 0, the number of shared borrows, or minus the number of mutable ones.
std::optional<ContainerView> rust_ref_cell(const ContainerQuery& query) {
  const auto held = own_field(query.recording, query.type, "value");
  const auto borrow = own_field(query.recording, query.type, "borrow");
  const auto count = borrow ? number_at(query, *borrow) : std::nullopt;
  if (!held || !count || *count > most_borrows || *count < -most_borrows) return std::nullopt;
  ContainerView view = wrapped(query, name_of(query.type), *held);
  const auto borrows = static_cast<std::int64_t>(*count);
  view.note = borrows == 0    ? "not borrowed"
              : borrows > 0   ? fmt::format("borrowed ×{}", borrows)
              : borrows == -1 ? "borrowed mut"
                              : fmt::format("borrowed mut ×{}", -borrows);
  return view;
}

std::optional<ContainerView> rust_guard(const ContainerQuery& query) {
  static constexpr std::array<std::string_view, 3> names = {"value", "data", "lock"};
  for (const std::string_view name : names) {
    if (const auto held = own_field(query.recording, query.type, name)) {
      return wrapped(query, name_of(query.type), *held);
    }
  }
  return std::nullopt;
}

// OnceCell: an Option; LazyCell: Uninit(function), Init(value) or Poisoned.
std::optional<ContainerView> rust_once_cell(const ContainerQuery& query) {
  const auto state = find_field(query.recording, query.type, [](const Field&, const Type& type, const Type&) {
    return type.kind == TypeKind::choice;
  });
  if (!state) return std::nullopt;
  const Type& choice = query.recording.at(state->type);
  const Variant* variant = active_variant(query.recording, choice, query.bytes.part(state->offset));
  if (!variant) return std::nullopt;
  if (variant->name == "None") return empty_wrapper(name_of(query.type), "not set");
  if (variant->name == "Uninit") return empty_wrapper(name_of(query.type), "not yet computed");
  if (variant->name == "Poisoned") return empty_wrapper(name_of(query.type), "poisoned");
  const auto held = payload_of(query.recording, query.bytes, *state);
  return held ? std::optional(wrapped(query, name_of(query.type), *held)) : std::nullopt;
}

// The futex of std::sync::Once counts its states upwards from "incomplete" in older libraries and downwards
// to "complete" in newer ones, under the same names. Only a library known to be newer, by a type that the
// older ones lack, is read.
std::optional<ContainerView> rust_once_lock(const ContainerQuery& query) {
  const auto newer = find_field(query.recording, query.type, [](const Field&, const Type& type, const Type&) {
    return type.name.starts_with("core::mem::maybe_dangling::MaybeDangling<");
  });
  const auto state = number_named(query, "state_and_queued");
  if (!newer || !state) return std::nullopt;
  const bool lazy = short_name(query.type.name) == "LazyLock";
  auto held = own_field(query.recording, query.type, lazy ? "data" : "value");
  if (!held) return std::nullopt;
  if (lazy) {
    const FoundField either = innermost(query.recording, *held);
    const auto value = own_field(query.recording, query.recording.at(either.type), "value");
    if (!value) return std::nullopt;
    held = FoundField{either.offset + value->offset, value->type};
  }
  switch (static_cast<unsigned>(*state & 3)) {
    case 0:
      return wrapped(query, name_of(query.type), *held);
    case 1:
      return empty_wrapper(name_of(query.type), "being computed");
    case 2:
      return empty_wrapper(name_of(query.type), "poisoned");
    default:
      return empty_wrapper(name_of(query.type), lazy ? "not yet computed" : "not set");
  }
}

// What Rc and Arc point to: both counters as they stand (all strong owners together hold one weak count), and
// the value. Of a str, a slice or a dyn type only the pointer knows the end.
std::optional<ContainerView> rust_counts(const ContainerQuery& query) {
  const auto strong = own_field(query.recording, query.type, "strong");
  const auto weak = own_field(query.recording, query.type, "weak");
  auto value = own_field(query.recording, query.type, "value");
  if (!value) value = own_field(query.recording, query.type, "data");
  if (!strong || !weak || !value) return std::nullopt;
  ContainerView view;
  view.form = ContainerForm::record;
  view.entries.push_back(entry_of(query, counter_of(query.recording, *strong), "strong"));
  view.entries.push_back(entry_of(query, counter_of(query.recording, *weak), "weak"));
  const std::string_view name = query.type.name;
  const std::string_view held = name.substr(std::min(name.find('<'), name.size() - 1) + 1);
  if (held.starts_with("str>") || held.starts_with("[") || held.starts_with("dyn ") ||
      held.starts_with("(dyn ")) {
    const bool array = held.starts_with("[") && query.recording.at(value->type).kind == TypeKind::array;
    if (!array) {
      view.note = "then " + std::string(held.substr(0, held.size() - 1));
      return view;
    }
  }
  view.entries.push_back(
      entry_of(query, *value, query.type.name.starts_with("alloc::rc") ? "value" : "data"));
  return view;
}

}  // namespace situ
