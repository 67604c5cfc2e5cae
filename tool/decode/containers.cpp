#include "decode/containers.h"

#include <fmt/format.h>

#include "decode/decoding.h"
#include "decode/escape.h"

namespace situ {

std::optional<ContainerView> read_container(const ContainerQuery& query) {
  if (query.type.name.empty()) return std::nullopt;
  return query.type.language == Language::rust ? rust_container(query) : cpp_container(query);
}

// A map's entry is a record of its key and its value.
Value Decoding::contained(const ContainerView& view, std::size_t depth) {
  if (view.form == ContainerForm::same && view.entries.size() == 1) {
    Value same = value(view.entries[0].value.bytes, view.entries[0].value.type, depth + 1);
    if (!view.note.empty()) same.text += " (" + printable(view.note) + ")";
    return same;
  }
  Value made;
  made.kind = view.form == ContainerForm::wrapper ? ValueKind::record : ValueKind::sequence;
  made.length = view.length;
  made.capacity = view.capacity;
  made.cut = view.form != ContainerForm::wrapper && view.entries.size() < view.length;
  if (made.cut) made.indexes = view.indexes;
  std::string text;
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < view.entries.size(); ++i) {
    const ContainerEntry& entry = view.entries[i];
    const std::uint64_t index = i < view.indexes.size() ? view.indexes[i] : i;
    if (index > next) text += fmt::format("{}… {} skipped …", text.empty() ? "" : ", ", index - next);
    next = index + 1;
    Value held = value(entry.value.bytes, entry.value.type, depth + 1);
    text += text.empty() ? "" : ", ";
    if (entry.key) {
      Value key = value(entry.key->bytes, entry.key->type, depth + 1);
      Value pair;
      pair.kind = ValueKind::record;
      pair.text = key.text + ": " + held.text;
      text += pair.text;
      pair.fields = {{"key", 0, std::move(key)}, {"value", 0, std::move(held)}};
      made.elements.push_back(std::move(pair));
    } else {
      text += held.text;
      if (view.form == ContainerForm::wrapper) {
        made.fields.push_back({"", 0, std::move(held)});
      } else {
        made.elements.push_back(std::move(held));
      }
    }
    if (exhausted()) {
      made.cut = true;
      break;
    }
  }
  if (view.entries.empty() && view.length > 0 && view.form != ContainerForm::wrapper) text = "…";
  switch (view.form) {
    case ContainerForm::sequence:
      made.text = "[" + text + "]";
      break;
    case ContainerForm::set:
    case ContainerForm::map:
      made.text = "{" + text + "}";
      break;
    case ContainerForm::same:
    case ContainerForm::wrapper:
      made.length.reset();
      made.text = printable(view.name) + (text.empty() ? "" : "(" + text + ")");
      break;
  }
  if (!view.note.empty()) made.text += " (" + printable(view.note) + ")";
  return made;
}

}  // namespace situ
