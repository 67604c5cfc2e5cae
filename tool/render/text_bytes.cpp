// The bytes view: under each value its bytes with what each belongs to, padding included; of a block also the
// allocator's header before it and the slack behind it.
#include <fmt/format.h>

#include <algorithm>

#include "decode/byte_map.h"
#include "decode/shapes.h"
#include "render/text_names.h"
#include "render/text_scene.h"

namespace situ {
namespace {

constexpr std::size_t bytes_in_a_row = 8;
constexpr std::size_t rows_of_a_part = 2;
constexpr std::uint64_t chunk_header_size = 8;  // glibc malloc.c: mchunk_size, before the user's bytes

// Up to four bytes apart, more in groups of four: "05 00 00 00", "60ed5a55 55550000". What was not read: ??.
std::string hex_text(std::span<const std::byte> known, std::uint64_t size) {
  std::string text;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (i > 0 && (size <= 4 || i % 4 == 0)) text += ' ';
    text += i < known.size() ? fmt::format("{:02x}", std::to_integer<unsigned>(known[i])) : "??";
  }
  return text;
}

}  // namespace

// A part in rows of eight bytes; `known` are the leading bytes of the value that were read.
void Scene::add_part(std::vector<Row>& rows, const Row& model, const BytePart& part,
                     std::span<const std::byte> known) const {
  for (std::size_t i = 0; i * bytes_in_a_row < part.size; ++i) {
    Row row = model;
    const std::uint64_t from = part.offset + i * bytes_in_a_row;
    const std::uint64_t wanted = std::min<std::uint64_t>(part.size - i * bytes_in_a_row, bytes_in_a_row);
    const std::uint64_t there =
        from < known.size() ? std::min<std::uint64_t>(wanted, known.size() - from) : 0;
    const bool rest = part.skipped > 0 || i == rows_of_a_part;
    row.where = fmt::format("+{}", from);
    row.name = rest || i > 0 ? "" : part.padding ? "padding" : part.path;
    if (rest) {
      const std::uint64_t left = part.size - i * bytes_in_a_row;
      row.text = pick("…", "..") + " " + bytes_text(left) + (part.skipped > 0 ? " skipped" : " more");
    } else {
      row.text = hex_text(known.subspan(std::min<std::size_t>(from, known.size()), there), wanted);
    }
    const bool typed = i == 0 && !rest && !part.padding && part.type.value < recording_.types.size();
    if (typed) row.type = short_type(recording_.at(part.type).name);
    row.ink = part.padding || rest ? Ink::faint : Ink::plain;
    row.name.insert(0, 1, ' ');
    rows.push_back(std::move(row));
    if (rest) return;
  }
}

void Scene::add_bytes(std::vector<Row>& rows, const VariableView& view, const Row& start) const {
  if (!options_.bytes || !view.variable->type || view.place == nullptr) return;
  Row model;
  model.below_sp = start.below_sp;
  model.dim = start.dim;
  const MemoryAtStep memory(recording_.memory, moment_.step);
  const Bytes bytes(view.bytes, view.place->address, memory);
  for (const BytePart& part : byte_map(recording_, *view.variable->type, bytes))
    add_part(rows, model, part, view.bytes);
}

void Scene::add_bytes(BlockCard& card, const BlockView& view) const {
  if (!options_.bytes || view.size == nullptr) return;
  Row model;
  model.dim = card.ghost;
  std::vector<std::byte> around(chunk_header_size);
  const Address header = view.block->address - chunk_header_size;
  if (view.size->chunk > 0 && recording_.memory.read(moment_.step, header, around) == around.size()) {
    Row row = model;
    row.where = "-8";
    row.name = "chunk";
    row.text = hex_text(around, around.size());
    row.ink = Ink::faint;
    card.rows.push_back(std::move(row));
  }
  const MemoryAtStep memory(recording_.memory, moment_.step);
  const std::uint64_t element =
      view.type ? recording_.at(without_aliases(recording_, *view.type)).size.value_or(0) : 0;
  constexpr std::uint64_t elements_told = 4;
  std::uint64_t told = 0;
  for (std::uint64_t i = 0; element > 0 && i < std::min(view.count, elements_told); ++i, told += element) {
    if (told + element > view.size->requested) break;
    const Bytes bytes({}, view.block->address + told, memory);
    for (BytePart part : byte_map(recording_, *view.type, bytes)) {
      part.offset += told;
      if (view.count > 1) part.path = fmt::format("[{}]{}", i, part.path);
      add_part(card.rows, model, part, view.bytes);
    }
  }
  if (told < view.size->requested) {
    BytePart rest;
    rest.offset = told;
    rest.size = view.size->requested - told;
    rest.type = TypeId{static_cast<std::uint32_t>(recording_.types.size())};
    add_part(card.rows, model, rest, view.bytes);
  }
  if (view.size->usable > view.size->requested) {
    Row row = model;
    row.where = fmt::format("+{}", view.size->requested);
    row.name = "slack";
    row.text = bytes_text(view.size->usable - view.size->requested) + " the allocator's";
    row.ink = Ink::faint;
    card.rows.push_back(std::move(row));
  }
}

}  // namespace situ
