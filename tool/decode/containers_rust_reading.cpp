// What the readers of Rust's types share. Fields are found by their last names; their order and the wrappers
// around them are the release's choice.
#include <algorithm>
#include <array>

#include "decode/containers_rust.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr int most_wrappers = 12;

// The field a wrapper is about: the largest one; markers and allocators have no bytes.
std::optional<FoundField> wrapped_field(const Recording& recording, const Type& type) {
  std::optional<FoundField> best;
  std::uint64_t best_size = 0;
  for (const Field& field : type.fields) {
    const TypeId plain = without_aliases(recording, field.type);
    const std::uint64_t size = recording.at(plain).size.value_or(0);
    const bool about = field.name == "value" || field.name == "__0";
    if (best && (size < best_size || (size == best_size && !about))) continue;
    best = FoundField{field.offset, plain};
    best_size = size;
  }
  return best;
}

}  // namespace

bool seen_through(const Type& type) {
  static constexpr std::array<std::string_view, 13> names = {
      "core::cell::UnsafeCell",
      "core::cell::SyncUnsafeCell",
      "core::mem::manually_drop::ManuallyDrop",
      "core::mem::maybe_dangling::MaybeDangling",
      "core::mem::maybe_uninit::MaybeUninit",
      "core::pin::Pin",
      "core::pin::unsafe_pinned::UnsafePinned",
      "core::ptr::non_null::NonNull",
      "core::ptr::unique::Unique",
      "alloc::collections::binary_heap::BinaryHeap",
      // Before they moved to niche_types.
      "alloc::raw_vec::Cap",
      "core::time::Nanoseconds",
      "std::sys::pal::unix::time::Nanoseconds",
  };
  static constexpr std::array<std::string_view, 3> families = {
      "core::num::nonzero::", "core::num::niche_types::", "core::sync::atomic::"};
  if (type.kind != TypeKind::record && type.kind != TypeKind::union_type) return false;
  const std::string_view name = name_without_arguments(type.name);
  if (std::ranges::find(names, name) != names.end()) return !type.fields.empty();
  return !type.fields.empty() &&
         std::ranges::any_of(families, [name](std::string_view family) { return name.starts_with(family); });
}

std::optional<FoundField> value_behind(const Recording& recording, const Type& wrapper) {
  const auto inner = wrapped_field(recording, wrapper);
  return inner ? std::optional(innermost(recording, *inner)) : std::nullopt;
}

FoundField innermost(const Recording& recording, FoundField field) {
  for (int i = 0; i < most_wrappers; ++i) {
    const Type& type = recording.at(field.type);
    const auto inner = seen_through(type) ? wrapped_field(recording, type) : std::nullopt;
    if (!inner) break;
    field = {field.offset + inner->offset, inner->type};
  }
  return field;
}

FoundField counter_of(const Recording& recording, const FoundField& field) {
  const FoundField inner = innermost(recording, field);
  const Type& cell = recording.at(inner.type);
  const auto held =
      cell.name.starts_with("core::cell::Cell<") ? wrapped_field(recording, cell) : std::nullopt;
  return held ? innermost(recording, {inner.offset + held->offset, held->type}) : inner;
}

std::optional<FoundField> own_field(const Recording& recording, const Type& type, std::string_view name) {
  const auto found = std::ranges::find(type.fields, name, &Field::name);
  if (found == type.fields.end()) return std::nullopt;
  return FoundField{found->offset, without_aliases(recording, found->type)};
}

std::optional<Int128> number_at(const ContainerQuery& query, const FoundField& field) {
  const FoundField inner = counter_of(query.recording, field);
  const Type& type = query.recording.at(inner.type);
  const std::uint64_t size = type.size.value_or(0);
  if (type.kind != TypeKind::base || size == 0 || size > 16) return std::nullopt;
  const auto raw = query.bytes.number(inner.offset, size);
  if (!raw) return std::nullopt;
  if (type.encoding != Encoding::signed_int || size == 16) return static_cast<Int128>(*raw);
  const UInt128 sign = UInt128{1} << (size * 8 - 1);
  return static_cast<Int128>((*raw ^ sign) - sign);
}

std::optional<Int128> number_named(const ContainerQuery& query, std::string_view name) {
  const auto field = find_named(query.recording, query.type, name);
  return field ? number_at(query, *field) : std::nullopt;
}

std::optional<std::uint64_t> word_named(const ContainerQuery& query, std::string_view name) {
  const auto number = number_named(query, name);
  if (!number || *number < 0 || *number > ~std::uint64_t{0}) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<TypeId> pointee_of(const Recording& recording, TypeId id, int depth) {
  const Type& type = recording.at(without_aliases(recording, id));
  if (type.kind == TypeKind::pointer) return type.target;
  if (depth <= 0) return std::nullopt;
  for (const Variant& variant : type.variants) {
    if (const auto found = pointee_of(recording, variant.type, depth - 1)) return found;
  }
  for (const Field& field : type.fields) {
    if (const auto found = pointee_of(recording, field.type, depth - 1)) return found;
  }
  return std::nullopt;
}

std::optional<FoundField> payload_of(const Recording& recording, const Bytes& bytes,
                                     const FoundField& choice) {
  const Type& type = recording.at(choice.type);
  if (type.kind != TypeKind::choice) return std::nullopt;
  const Variant* variant = active_variant(recording, type, bytes.part(choice.offset));
  if (!variant) return std::nullopt;
  const Type& payload = recording.at(without_aliases(recording, variant->type));
  if (payload.fields.empty()) return std::nullopt;
  const Field& first = payload.fields.front();
  return FoundField{choice.offset + variant->offset + first.offset, without_aliases(recording, first.type)};
}

std::optional<TypeId> argument_named(const Type& type, std::string_view name) {
  const auto found = std::ranges::find(type.template_arguments, name, &TemplateArgument::name);
  return found == type.template_arguments.end() ? std::nullopt : found->type;
}

ContainerEntry entry_of(const ContainerQuery& query, const FoundField& field, std::string name) {
  const FoundField inner = innermost(query.recording, field);
  return {{}, {query.bytes.part(inner.offset), inner.type}, std::move(name), inner.offset};
}

ContainerItem item_at(const ContainerQuery& query, Address address, TypeId type) {
  const FoundField inner = innermost(query.recording, {0, without_aliases(query.recording, type)});
  return {Bytes({}, address + inner.offset, query.memory), inner.type};
}

ContainerView wrapped(const ContainerQuery& query, std::string name, const FoundField& field) {
  ContainerView view;
  view.form = ContainerForm::wrapper;
  view.length = 1;
  view.name = std::move(name);
  view.entries.push_back(entry_of(query, field));
  return view;
}

}  // namespace situ
