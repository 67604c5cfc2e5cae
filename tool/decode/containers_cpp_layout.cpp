// Members, template arguments and names of libstdc++'s types.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "decode/containers_cpp.h"
#include "decode/decoding.h"

namespace situ {
namespace {

// One past the bracket that closes the one at `open`; npos: none does.
std::size_t behind_bracket(std::string_view name, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    if (name[i] == '>' && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

void remove_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at)) {
    text.erase(at, part.size());
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// ", std::allocator<...>" and its like, with nested brackets.
void remove_argument(std::string& text, std::string_view head) {
  for (auto at = text.find(head); at != std::string::npos; at = text.find(head, at)) {
    const auto end = behind_bracket(text, at + head.size() - 1);
    if (end == std::string_view::npos) return;
    text.erase(at, end - at);
  }
}

// Longer ones first: they contain the others.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> spellings = {
    {{"long long unsigned int", "unsigned long long"},
     {"long unsigned int", "unsigned long"},
     {"short unsigned int", "unsigned short"},
     {"long long int", "long long"},
     {"long int", "long"},
     {"short int", "short"}}};

// What two spellings of one type have in common.
std::string spelled(std::string_view name) {
  std::string text = plain_type_name(name);
  for (const auto& [compiler, demangler] : spellings) replace_all(text, compiler, demangler);
  std::erase(text, ' ');
  return text;
}

std::uint64_t aligned(std::uint64_t size) {
  return std::clamp<std::uint64_t>(size, 1, 16);
}

}  // namespace

std::string std_name(std::string_view type_name) {
  if (!type_name.starts_with("std::")) return {};
  type_name.remove_prefix(5);
  if (const auto open = type_name.find('<'); open != std::string_view::npos) {
    if (behind_bracket(type_name, open) != type_name.size()) return {};
    type_name = type_name.substr(0, open);
  }
  std::string name(type_name);
  remove_all(name, "__cxx11::");
  remove_all(name, "_V2::");
  return name;
}

std::string plain_type_name(std::string_view type_name) {
  std::string name(type_name);
  remove_all(name, "__cxx11::");
  for (const char* head : {", std::allocator<", ", std::char_traits<", ", std::less<", ", std::hash<",
                           ", std::equal_to<", ", std::default_delete<"}) {
    remove_argument(name, head);
  }
  replace_all(name, " >", ">");
  replace_all(name, "std::basic_string<char>", "std::string");
  replace_all(name, "std::basic_string<wchar_t>", "std::wstring");
  replace_all(name, "std::basic_string_view<char>", "std::string_view");
  return name;
}

std::optional<TypeId> type_argument(const Recording& recording, const Type& type, std::size_t n) {
  for (const TemplateArgument& argument : type.template_arguments) {
    if (!argument.type || argument.type->value >= recording.types.size()) continue;
    if (n-- == 0) return argument.type;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_argument(std::string_view type_name, std::size_t n) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_word = [&](char c) {
    return is_digit(c) || std::isalpha(static_cast<unsigned char>(c)) || c == '_';
  };
  const auto open = type_name.find('<');
  if (open == std::string_view::npos) return std::nullopt;
  for (std::size_t i = open + 1; i < type_name.size(); ++i) {
    if (!is_digit(type_name[i]) || is_word(type_name[i - 1])) continue;
    std::uint64_t number = 0;
    for (; i < type_name.size() && is_digit(type_name[i]); ++i) {
      if (__builtin_mul_overflow(number, 10u, &number)) return std::nullopt;
      number += static_cast<std::uint64_t>(type_name[i] - '0');
    }
    if (n-- == 0) return number;
  }
  return std::nullopt;
}

std::uint64_t size_of(const Recording& recording, TypeId type) {
  return recording.at(without_aliases(recording, type)).size.value_or(0);
}

std::uint64_t alignment_of(const Recording& recording, TypeId id, int depth) {
  const Type& type = recording.at(without_aliases(recording, id));
  if (depth <= 0) return aligned(type.size.value_or(1));
  switch (type.kind) {
    case TypeKind::array:
      return type.element ? alignment_of(recording, *type.element, depth - 1) : 1;
    case TypeKind::record:
    case TypeKind::union_type: {
      // Of clang's std::string only the declaration may be known.
      if (type.declaration_only) return 8;
      std::uint64_t most = 1;
      for (const Field& field : type.fields) {
        most = std::max(most, alignment_of(recording, field.type, depth - 1));
      }
      return most;
    }
    case TypeKind::base:  // _Complex is aligned as its parts
      return aligned(type.name.find("omplex") == std::string::npos ? type.size.value_or(1)
                                                                   : type.size.value_or(2) / 2);
    case TypeKind::member_pointer:
      return 8;
    default:
      return aligned(type.size.value_or(1));
  }
}

bool same_type_name(std::string_view a, std::string_view b) {
  return a == b || spelled(a) == spelled(b);
}

std::optional<TypeId> type_named(const Recording& recording, std::string_view name) {
  if (name.empty()) return std::nullopt;
  const std::string wanted = spelled(name);
  std::optional<TypeId> declared;
  for (std::uint32_t i = 0; i < recording.types.size(); ++i) {
    const Type& type = recording.types[i];
    const bool start = type.kind == TypeKind::base || type.name.starts_with(name.front());
    if (type.name.empty() || !start || type.language == Language::rust) continue;
    if (type.name != name && spelled(type.name) != wanted) continue;
    if (!type.declaration_only && type.size) return TypeId{i};
    declared = TypeId{i};
  }
  return declared;
}

std::string_view symbol_name_at(const Recording& recording, Address at) {
  const auto found = std::ranges::find(recording.symbols, at, &Symbol::address);
  return found == recording.symbols.end() ? std::string_view{} : std::string_view(found->name);
}

std::string_view argument_in(std::string_view symbol, std::string_view of, std::size_t n) {
  const auto at = symbol.find(of);
  if (at == std::string_view::npos) return {};
  const auto open = at + of.size();
  int depth = 0;
  std::size_t begin = open + 1;
  for (std::size_t i = open; i < symbol.size(); ++i) {
    const char c = symbol[i];
    if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
    const bool closes = c == '>' || c == ')' || c == '}' || c == ']';
    if (closes) --depth;
    const bool ends = (closes && depth == 0) || (c == ',' && depth == 1);
    if (!ends) continue;
    if (n == 0) {
      auto found = symbol.substr(begin, i - begin);
      while (found.starts_with(' ')) found.remove_prefix(1);
      while (found.ends_with(' ')) found.remove_suffix(1);
      return found;
    }
    if (depth == 0) return {};
    --n;
    begin = i + 1;
  }
  return {};
}

std::optional<std::uint64_t> member_word(const ContainerQuery& query, std::string_view name) {
  const auto found = find_named(query.recording, query.type, name);
  return found ? query.bytes.word(found->offset) : std::nullopt;
}

ContainerItem content_at(const ContainerQuery& query, Address at, TypeId type) {
  return {Bytes({}, at, query.memory), type};
}

std::optional<std::uint64_t> word_at(const ContainerQuery& query, Address at) {
  return query.memory.read_value<std::uint64_t>(at);
}

ContainerView wrapped(std::string name, std::optional<ContainerItem> held, std::uint64_t offset) {
  ContainerView view;
  view.form = ContainerForm::wrapper;
  view.name = std::move(name);
  view.length = held ? 1 : 0;
  if (held) view.entries.push_back({{}, *held, "", offset});
  return view;
}

std::optional<ContainerView> same_as_member(const ContainerQuery& query, std::string_view name) {
  const auto found = find_named(query.recording, query.type, name);
  if (!found) return std::nullopt;
  ContainerView view =
      wrapped("", ContainerItem{query.bytes.part(found->offset), found->type}, found->offset);
  view.form = ContainerForm::same;
  return view;
}

std::size_t nodes_wanted(const ContainerQuery& query, std::uint64_t length) {
  return length <= most_walked ? static_cast<std::size_t>(length) : query.elements;
}

std::optional<ContainerView> walked(const ContainerQuery& query, const NodeWalk& walk) {
  if (walk.nodes.empty() && walk.length > 0) return std::nullopt;
  ContainerView view;
  view.form = walk.form;
  view.length = walk.length;
  std::vector<std::uint64_t> shown;
  if (walk.nodes.size() == walk.length) {
    shown = shown_elements(walk.length, query.elements);
  } else {
    const auto known = std::min<std::size_t>(walk.nodes.size(), query.elements);
    for (std::uint64_t i = 0; i < known; ++i) shown.push_back(i);
  }
  const Recording& recording = query.recording;
  const Type& pair = recording.at(without_aliases(recording, walk.value));
  const bool pairs = walk.pairs && pair.fields.size() >= 2;
  const auto part = [&](std::string_view name) { return std::ranges::find(pair.fields, name, &Field::name); };
  const auto first = part("first"), second = part("second");
  if (walk.pairs && (!pairs || first == pair.fields.end() || second == pair.fields.end()))
    return std::nullopt;
  for (const std::uint64_t i : shown) {
    const Address at = walk.nodes[i];
    if (pairs) {
      view.entries.push_back({content_at(query, at + first->offset, first->type),
                              content_at(query, at + second->offset, second->type), "", 0});
    } else {
      view.entries.push_back({{}, content_at(query, at, walk.value), "", 0});
    }
  }
  if (shown.size() < walk.length) view.indexes = std::move(shown);
  return view;
}

}  // namespace situ
