#include "decode/containers.h"

#include <fmt/format.h>

#include "decode/decoding.h"
#include "decode/escape.h"

namespace situ {

std::optional<ContainerView> read_container(const ContainerQuery& query) {
  if (query.type.name.empty()) return std::nullopt;
  return query.type.language == Language::rust ? rust_container(query) : cpp_container(query);
}

Value Decoding::contained_same(const ContainerView& view, std::size_t depth) {
  const ContainerEntry& entry = view.entries[0];
  Value same = value(entry.value.bytes, entry.value.type, depth + 1);
  if (same.pointer_offset) *same.pointer_offset += entry.offset;
  for (NamedValue& field : same.fields) field.offset += entry.offset;
  return same;
}

Value Decoding::contained_parts(const ContainerView& view, std::size_t depth) {
  Value made;
  made.kind = ValueKind::record;
  std::string all, start, end;
  for (const ContainerEntry& entry : view.entries) {
    Value part = value(entry.value.bytes, entry.value.type, depth + 1);
    const std::string name = printable(entry.name);
    if (!all.empty()) all += ", ";
    all += name.starts_with('&') ? name : name + ": " + part.text;
    if (entry.name == "start") start = part.text;
    if (entry.name == "end") end = part.text;
    made.fields.push_back({name, entry.offset, std::move(part)});
  }
  made.text = printable(view.name);
  if (view.form == ContainerForm::range) {
    made.text = start + made.text + end;
  } else if (view.form == ContainerForm::record && !(all.empty() && !made.text.empty())) {
    made.text += (made.text.empty() ? "{" : " {") + all + "}";
  }
  return made;
}

Value Decoding::contained(const ContainerView& view, std::size_t depth) {
  const bool same = view.form == ContainerForm::same && view.entries.size() == 1;
  const bool parts = view.form == ContainerForm::record || view.form == ContainerForm::range ||
                     view.form == ContainerForm::phrase;
  Value made = same    ? contained_same(view, depth)
               : parts ? contained_parts(view, depth)
                       : contained_entries(view, depth);
  if (!view.note.empty()) made.text += " (" + printable(view.note) + ")";
  return made;
}

// A map's entry is a record of its key and its value.
Value Decoding::contained_entries(const ContainerView& view, std::size_t depth) {
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
        made.fields.push_back({entry.name.empty() ? "value" : entry.name, entry.offset, std::move(held)});
      } else {
        made.elements.push_back(std::move(held));
      }
    }
    if (exhausted()) {
      made.cut = true;
      break;
    }
  }
  if (made.cut && next < view.length)
    text += text.empty() ? "…" : fmt::format(", … {} more", view.length - next);
  switch (view.form) {
    case ContainerForm::sequence:
      made.text = "[" + text + "]";
      break;
    case ContainerForm::set:
    case ContainerForm::map:
      made.text = "{" + text + "}";
      break;
    default:
      made.length.reset();
      made.text = printable(view.name) + (text.empty() ? "" : "(" + text + ")");
      break;
  }
  return made;
}

}  // namespace situ
