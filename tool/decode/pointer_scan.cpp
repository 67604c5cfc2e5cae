#include "decode/pointer_scan.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/container_words.h"
#include "decode/decoding.h"
#include "decode/escape.h"

namespace situ {
namespace {

constexpr int deepest = 12;
constexpr std::uint64_t most_elements = 1024;
constexpr std::size_t most_parts = 20'000;

class Scanner {
 public:
  explicit Scanner(const PointerScan& scan) : scan_(scan), recording_(scan.recording) {}

  void value(const Bytes& bytes, TypeId id, std::uint64_t offset, const std::string& path, int depth) {
    if (depth > deepest || ++parts_ > most_parts) return;
    const TypeId plain = without_aliases(recording_, id);
    const Type& type = recording_.at(plain);
    if (const auto shape = shape_of(recording_, plain); shape && owner(bytes, *shape, offset, path)) return;
    if (is_container(type)) {
      if (const auto words = container_words(recording_, type, bytes)) {
        container(bytes, *words, offset, path, depth);
        return;
      }
    }
    switch (type.kind) {
      case TypeKind::pointer:
      case TypeKind::reference:
      case TypeKind::rvalue_reference:
        pointer(bytes, type, offset, path);
        break;
      case TypeKind::array:
        if (type.element) elements(bytes, *type.element, type.count.value_or(0), offset, path, depth);
        break;
      case TypeKind::record:
      case TypeKind::union_type:
        fields(bytes, type, 0, offset, path, depth);
        break;
      case TypeKind::choice:
        fields(bytes, type, 0, offset, path, depth);
        if (const Variant* variant = active_variant(recording_, type, bytes)) {
          const Type& payload = recording_.at(without_aliases(recording_, variant->type));
          fields(bytes, payload, variant->offset, offset, path, depth);
        }
        break;
      default:
        break;
    }
  }

  void elements(const Bytes& bytes, TypeId element, std::uint64_t count, std::uint64_t offset,
                const std::string& path, int depth) {
    const std::uint64_t size = recording_.at(without_aliases(recording_, element)).size.value_or(0);
    if (size == 0 || !may_hold_pointers(recording_, element)) return;
    for (std::uint64_t i = 0; i < std::min(count, most_elements); ++i) {
      value(bytes.part(i * size), element, offset + i * size, fmt::format("{}[{}]", path, i), depth + 1);
    }
  }

 private:
  void fields(const Bytes& bytes, const Type& type, std::uint64_t base, std::uint64_t offset,
              const std::string& path, int depth) {
    for (const Field& field : type.fields) {
      if (field.bit_size) continue;
      std::string name = printable(field.name);
      if (name.starts_with("__") && name.size() > 2 && name[2] >= '0' && name[2] <= '9') {
        name.erase(0, 2);  // a tuple's field
      }
      const std::uint64_t at = base + field.offset;
      value(bytes.part(at), field.type, offset + at, name.empty() ? path : path + "." + name, depth + 1);
    }
  }

  void container(const Bytes& bytes, const ContainerWords& words, std::uint64_t offset,
                 const std::string& path, int depth) {
    for (const OwningWord& word : words.owners) {
      if (unwritten(bytes.part(word.offset), 0)) continue;
      FoundPointer found;
      found.offset = offset + word.offset;
      found.path = path;
      found.kind = PointerKind::owner;
      found.pointee = word.pointee;
      found.count = word.count.value_or(1);
      found.counts = word.count.has_value();
      found.link = true;
      const auto address = bytes.word(word.offset);
      found.known = address.has_value();
      found.address = {address.value_or(0)};
      scan_.found(found);
    }
    for (const HeldValue& held : words.values) {
      value(bytes.part(held.offset), held.type, offset + held.offset, path, depth + 1);
    }
  }

  bool unwritten(const Bytes& bytes, std::uint64_t offset) const {
    return bytes.holds_mark(offset, 8, scan_.marked, recording_.mark);
  }

  void pointer(const Bytes& bytes, const Type& type, std::uint64_t offset, const std::string& path) {
    if (unwritten(bytes, 0)) return;
    FoundPointer found;
    found.offset = offset;
    found.path = path;
    const auto word = bytes.word(0);
    found.known = word.has_value();
    found.address = {word.value_or(0)};
    found.kind = pointer_kind_of(type);
    found.pointee = type.target;
    const bool to_nothing = type.target && recording_.at(without_aliases(recording_, *type.target)).size == 0;
    found.empty = to_nothing && found.kind != PointerKind::raw;
    scan_.found(found);
  }

  // False: the words make no sense; the structure is scanned instead.
  bool owner(const Bytes& bytes, const Shape& shape, std::uint64_t offset, const std::string& path) {
    if (unwritten(bytes, shape.pointer_offset)) return true;
    const auto read = read_owner(recording_, bytes, shape);
    if (!read && bytes.word(shape.pointer_offset)) return shape.kind == ShapeKind::text;
    FoundPointer found;
    found.offset = offset + shape.pointer_offset;
    found.path = path;
    found.kind = shape.pointer_kind;
    found.pointee = shape.element;
    if (shape.kind == ShapeKind::pointer && shape.vtable_offset) {
      const auto vtable = bytes.word(*shape.vtable_offset);
      found.pointee = vtable ? type_of_vtable(recording_, {*vtable}) : std::nullopt;
    }
    found.is_text = shape.kind == ShapeKind::text;
    found.counts = shape.length_offset || shape.finish_offset;
    if (read) {
      found.known = true;
      found.address = read->address;
      found.count = read->length;
      found.empty = read->empty;
      found.self = read->self;
    }
    scan_.found(found);
    if (shape.kind == ShapeKind::counted && shape.counts_pointer_offset != shape.pointer_offset) {
      counts(bytes, shape, found, offset);
    }
    return true;
  }

  // shared_ptr's second word: the counts, where they do not lie right before the value (make_shared).
  void counts(const Bytes& bytes, const Shape& shape, FoundPointer found, std::uint64_t offset) {
    constexpr std::uint64_t counts_size = 16;  // vptr and two counters
    const auto word = bytes.word(shape.counts_pointer_offset);
    if (!word || *word == 0 || !found.address || found.address.value - *word == counts_size) return;
    found.offset = offset + shape.counts_pointer_offset;
    found.address = {*word};
    found.pointee.reset();
    found.known = true;
    scan_.found(found);
  }

  const PointerScan& scan_;
  const Recording& recording_;
  std::size_t parts_ = 0;
};

bool may_hold(const Recording& recording, TypeId id, int depth) {
  const Type& type = recording.at(without_aliases(recording, id));
  const auto any_field = [&](const Type& holder) {
    return std::ranges::any_of(holder.fields,
                               [&](const Field& f) { return may_hold(recording, f.type, depth - 1); });
  };
  if (depth <= 0) return true;
  switch (type.kind) {
    case TypeKind::pointer:
    case TypeKind::reference:
    case TypeKind::rvalue_reference:
      return true;
    case TypeKind::array:
      return type.element && may_hold(recording, *type.element, depth - 1);
    case TypeKind::record:
    case TypeKind::union_type:
      if (is_container(type)) return true;
      // A library type of which only the declaration is known may have a built-in layout.
      return type.declaration_only || any_field(type);
    case TypeKind::choice:
      return any_field(type) || std::ranges::any_of(type.variants, [&](const Variant& v) {
               return may_hold(recording, v.type, depth - 1);
             });
    default:
      return false;
  }
}

}  // namespace

void scan_pointers(const PointerScan& scan, const Bytes& bytes, TypeId type) {
  Scanner(scan).value(bytes, type, 0, "", 0);
}

void scan_elements(const PointerScan& scan, const Bytes& bytes, TypeId element, std::uint64_t count) {
  Scanner scanner(scan);
  if (count == 1) {
    scanner.value(bytes, element, 0, "", 0);
  } else {
    scanner.elements(bytes, element, count, 0, "", 0);
  }
}

bool may_hold_pointers(const Recording& recording, TypeId type) {
  return may_hold(recording, type, deepest);
}

}  // namespace situ
