// Types that hold one value, several of different types, or none: tuple, optional, variant, any, function,
// atomic.
#include <fmt/format.h>

#include <algorithm>

#include "decode/containers_cpp.h"

namespace situ {
namespace {

// Records of _Head_base<i, T, ...>, by i: the parts of a tuple, wherever they lie.
void collect_heads(const Recording& recording, const Type& type, std::uint64_t offset, int depth,
                   std::vector<std::pair<std::uint64_t, FoundField>>& heads) {
  if (depth <= 0 || type.kind != TypeKind::record) return;
  if (std_name(type.name) == "_Head_base") {
    const auto index = number_argument(type.name, 0);
    if (!index) return;
    for (const Field& field : type.fields) {
      // An empty part is the base itself.
      if (field.name == "_M_head_impl" || field.base_class) {
        heads.push_back({*index, {offset + field.offset, field.type}});
        return;
      }
    }
    return;
  }
  for (const Field& field : type.fields) {
    if (!field.base_class) continue;
    const TypeId plain = without_aliases(recording, field.type);
    collect_heads(recording, recording.at(plain), offset + field.offset, depth - 1, heads);
  }
}

// The object behind a symbol's name as a type of the recording; its value lies at `at`.
ContainerView named_content(const ContainerQuery& query, const std::string& what, std::string_view name,
                            std::optional<ContainerItem> at) {
  const std::string shown = fmt::format("{}<{}>", what, plain_type_name(name));
  const auto type = type_named(query.recording, name);
  if (!type || !at || query.recording.at(*type).declaration_only) return wrapped(shown);
  at->type = *type;
  return wrapped(shown, at);
}

}  // namespace

std::optional<ContainerView> cpp_tuple(const ContainerQuery& query) {
  if (query.type.template_arguments.empty() && query.type.name == "std::tuple<>") return wrapped("()");
  std::vector<std::pair<std::uint64_t, FoundField>> heads;
  collect_heads(query.recording, query.type, 0, 64, heads);
  if (heads.empty()) return std::nullopt;
  std::ranges::sort(heads, {}, [](const auto& head) { return head.first; });
  ContainerView view = wrapped("");
  view.length = heads.size();
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i].first != i) return std::nullopt;
    const FoundField& head = heads[i].second;
    view.entries.push_back({{}, {query.bytes.part(head.offset), head.type}, std::to_string(i), head.offset});
  }
  return view;
}

std::optional<ContainerView> cpp_optional(const ContainerQuery& query) {
  const auto engaged = find_named(query.recording, query.type, "_M_engaged");
  const auto value = find_named(query.recording, query.type, "_M_value");
  if (!engaged || !value) return std::nullopt;
  const auto has = query.bytes.number(engaged->offset, 1);
  if (!has || *has > 1) return std::nullopt;
  if (*has == 0) return wrapped("nullopt");
  return wrapped("optional", ContainerItem{query.bytes.part(value->offset), value->type}, value->offset);
}

std::optional<ContainerView> cpp_variant(const ContainerQuery& query) {
  const auto index = find_named(query.recording, query.type, "_M_index");
  const auto storage = find_named(query.recording, query.type, "_M_u");
  if (!index || !storage) return std::nullopt;
  const std::uint64_t width = query.recording.at(index->type).size.value_or(0);
  const auto active = query.bytes.number(index->offset, width);
  if (!active || width > 8) return std::nullopt;
  if (*active == (UInt128{1} << (width * 8)) - 1) return wrapped("valueless");
  const auto type = type_argument(query.recording, query.type, static_cast<std::size_t>(*active));
  if (!type) return std::nullopt;
  std::string name = plain_type_name(query.recording.at(*type).name);
  return wrapped(std::move(name), ContainerItem{query.bytes.part(storage->offset), *type}, storage->offset);
}

// The manager function of an any says by its name what is held, and where (std/any).
std::optional<ContainerView> cpp_any(const ContainerQuery& query) {
  const auto manager = member_word(query, "_M_manager");
  const auto storage = find_named(query.recording, query.type, "_M_storage");
  if (!manager || !storage) return std::nullopt;
  if (*manager == 0) return wrapped("any()");
  const std::string_view symbol = symbol_name_at(query.recording, {*manager});
  if (const auto name = argument_in(symbol, "_Manager_internal", 0); !name.empty()) {
    return named_content(query, "any", name, ContainerItem{query.bytes.part(storage->offset), storage->type});
  }
  const auto name = argument_in(symbol, "_Manager_external", 0);
  const auto pointer = query.bytes.word(storage->offset);
  if (name.empty() || !pointer) return std::nullopt;
  return named_content(query, "any", name, content_at(query, {*pointer}, storage->type));
}

// The invoker's name has the type of what is called; a plain function's address is the stored object.
std::optional<ContainerView> cpp_function(const ContainerQuery& query) {
  const auto manager = member_word(query, "_M_manager"), invoker = member_word(query, "_M_invoker");
  const auto functor = member_word(query, "_M_functor");
  if (!manager || !invoker || !functor) return std::nullopt;
  if (*manager == 0) return wrapped("function()");
  const std::string_view symbol = symbol_name_at(query.recording, {*invoker});
  const std::string_view called = argument_in(symbol, "_Function_handler", 1);
  if (called.empty()) return std::nullopt;
  if (called.find("(*)") == std::string_view::npos) {
    return wrapped(fmt::format("function({})", plain_type_name(called)));
  }
  const std::string_view target = symbol_name_at(query.recording, {*functor});
  return wrapped(target.empty() ? fmt::format("function(0x{:x})", *functor)
                                : fmt::format("function({})", target));
}

std::optional<FoundField> cpp_deleter(const Recording& recording, const Type& type) {
  if (type.size.value_or(0) <= 8 || std_name(type.name) != "unique_ptr") return std::nullopt;
  const auto is_deleter = [](const Field& field, const Type&, const Type& holder) {
    return field.name == "_M_head_impl" && holder.name.find("_Head_base<1") != std::string::npos;
  };
  return find_field(recording, type, is_deleter, 12);
}

std::optional<ContainerView> cpp_atomic(const ContainerQuery& query) {
  for (const char* name : {"_M_i", "_M_p", "_M_fp"}) {
    if (auto view = same_as_member(query, name)) return view;
  }
  return std::nullopt;
}

// shared_ptr's counts, as a block holds them; make_shared puts the value behind them.
std::optional<ContainerView> cpp_counts(const ContainerQuery& query) {
  ContainerView view;
  view.form = ContainerForm::record;
  const auto add = [&](std::string name, std::string_view member) {
    const auto field = find_named(query.recording, query.type, member);
    if (!field) return false;
    view.entries.push_back(
        {{}, {query.bytes.part(field->offset), field->type}, std::move(name), field->offset});
    return true;
  };
  if (!add("strong", "_M_use_count") || !add("weak", "_M_weak_count")) return std::nullopt;
  const auto storage = find_named(query.recording, query.type, "_M_storage");
  const auto value = type_argument(query.recording, query.type, 0);
  if (storage && value) {
    view.entries.push_back({{}, {query.bytes.part(storage->offset), *value}, "value", storage->offset});
  }
  return view;
}

}  // namespace situ
