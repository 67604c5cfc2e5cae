#include "decode/byte_map.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/decoding.h"
#include "decode/escape.h"

namespace situ {
namespace {

constexpr int deepest = 12;
constexpr std::size_t most_parts = 20'000;

class Mapper {
 public:
  Mapper(const Recording& recording, std::size_t limit) : recording_(recording), limit_(limit) {}

  std::vector<BytePart> map(TypeId type, const Bytes& bytes) {
    const std::uint64_t size = plain(type).size.value_or(0);
    add({0, {}, type}, bytes, 0);
    std::ranges::stable_sort(parts_, {}, &BytePart::offset);
    return filled(size);
  }

 private:
  struct Member {
    std::uint64_t offset = 0;
    std::string path;
    TypeId type;
  };

  const Type& plain(TypeId type) const { return recording_.at(without_aliases(recording_, type)); }

  void leaf(const Member& member, std::uint64_t size) {
    if (size > 0 && parts_.size() < most_parts) {
      parts_.push_back({member.offset, size, member.path, member.type, false, 0});
    }
  }

  void add(const Member& member, const Bytes& bytes, int depth) {
    const Type& type = plain(member.type);
    const std::uint64_t size = type.size.value_or(0);
    if (depth >= deepest || size == 0) return leaf(member, size);
    switch (type.kind) {
      case TypeKind::record:
        if (type.fields.empty()) return leaf(member, member.path.empty() ? 0 : size);
        return add_fields(member, type, bytes, depth);
      case TypeKind::array:
        return add_elements(member, type, bytes, depth);
      case TypeKind::choice:
        return add_variant(member, type, bytes, depth);
      case TypeKind::union_type:
        return add_union(member, type, size);
      default:
        return leaf(member, size);
    }
  }

  void add_fields(const Member& member, const Type& type, const Bytes& bytes, int depth) {
    for (const Field& field : type.fields) {
      const Type& held = plain(field.type);
      if (field.base_class && held.fields.empty()) continue;  // an empty base shares its byte with others
      const std::string name = field.name.empty() && field.base_class ? held.name : field.name;
      const std::string path = member.path + (name.empty() ? "" : "." + printable(name));
      const std::uint64_t offset = member.offset + field.offset;
      if (field.bit_size) {
        add_bits(field, path, offset);
      } else {
        add({offset, path, field.type}, bytes, depth + 1);
      }
    }
  }

  // The bytes that hold the field's bits; fields that share bytes share the part.
  void add_bits(const Field& field, const std::string& path, std::uint64_t offset) {
    const std::uint64_t first = offset + field.bit_position / 8;
    const std::uint64_t end = offset + (field.bit_position + *field.bit_size + 7) / 8;
    const std::string named = fmt::format("{}:{}", path, *field.bit_size);
    if (!parts_.empty()) {
      BytePart& before = parts_.back();
      if (before.path.find(':') != std::string::npos && first < before.offset + before.size &&
          first >= before.offset) {
        before.size = std::max(before.offset + before.size, end) - before.offset;
        before.path += " " + named;
        return;
      }
    }
    leaf({first, named, field.type}, end - first);
  }

  void add_elements(const Member& member, const Type& type, const Bytes& bytes, int depth) {
    const std::uint64_t count = type.count.value_or(0);
    const std::uint64_t size = type.element ? plain(*type.element).size.value_or(0) : 0;
    const bool small = size == 1 && count <= 16;
    if (count == 0 || size == 0 || small) return leaf(member, type.size.value_or(0));
    std::uint64_t next = 0;
    for (const std::uint64_t i : shown_elements(count, limit_)) {
      if (i > next) skip(member, next * size, (i - next) * size, i - next);
      add({member.offset + i * size, fmt::format("{}[{}]", member.path, i), *type.element}, bytes, depth + 1);
      next = i + 1;
    }
    if (next < count) skip(member, next * size, (count - next) * size, count - next);
  }

  void skip(const Member& member, std::uint64_t offset, std::uint64_t size, std::uint64_t count) {
    leaf({member.offset + offset, member.path, member.type}, size);
    if (!parts_.empty()) parts_.back().skipped = count;
  }

  void add_variant(const Member& member, const Type& type, const Bytes& bytes, int depth) {
    const Variant* active = active_variant(recording_, type, bytes.part(member.offset));
    add_fields(member, type, bytes, depth);
    if (active) {
      const std::string path = member.path + "." + printable(active->name);
      const Type& payload = plain(active->type);
      if (!payload.fields.empty()) {
        add_fields({member.offset + active->offset, path, active->type}, payload, bytes, depth);
      }
    }
    // A niche's discriminant lies in the payload's own bytes: those say more.
    if (!type.discriminant) return;
    const std::uint64_t at = member.offset + type.discriminant->offset;
    const std::uint64_t size = plain(type.discriminant->type).size.value_or(0);
    const bool covered = std::ranges::any_of(parts_, [&](const BytePart& part) {
      return part.offset < at + size && at < part.offset + part.size;
    });
    if (!covered) leaf({at, member.path + " discriminant", type.discriminant->type}, size);
  }

  void add_union(const Member& member, const Type& type, std::uint64_t size) {
    std::string names;
    for (const Field& field : type.fields) {
      names += (names.empty() ? "" : "|") + printable(field.name.empty() ? "anonymous" : field.name);
    }
    leaf({member.offset, member.path + ".(" + names + ")", member.type}, size);
  }

  // Holes become padding; of what overlaps the part that began first stays.
  std::vector<BytePart> filled(std::uint64_t size) const {
    std::vector<BytePart> whole;
    std::uint64_t next = 0;
    const auto pad = [&](std::uint64_t to) {
      if (to > next) whole.push_back({next, to - next, {}, {}, true, 0});
    };
    for (BytePart part : parts_) {
      if (part.offset >= size || part.offset + part.size <= next) continue;
      if (part.offset < next) {
        part.size -= next - part.offset;
        part.offset = next;
      }
      part.size = std::min(part.size, size - part.offset);
      pad(part.offset);
      next = part.offset + part.size;
      whole.push_back(std::move(part));
    }
    pad(size);
    return whole;
  }

  const Recording& recording_;
  std::size_t limit_;
  std::vector<BytePart> parts_;
};

}  // namespace

std::vector<BytePart> byte_map(const Recording& recording, TypeId type, const Bytes& bytes,
                               std::size_t limit) {
  return Mapper(recording, limit).map(type, bytes);
}

}  // namespace situ
