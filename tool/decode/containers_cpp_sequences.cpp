// Sequences that are not one run of elements, and runs whose length is in their type.
#include "decode/containers_cpp.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr std::uint64_t word_bits = 64;

void take_indexes(ContainerView& view, std::vector<std::uint64_t> shown) {
  if (shown.size() < view.length) view.indexes = std::move(shown);
}

// `length` values in a row.
ContainerView in_a_row(const ContainerQuery& query, const Bytes& first, TypeId element,
                       std::uint64_t length) {
  ContainerView view;
  view.length = length;
  auto shown = shown_elements(length, query.elements);
  for (const std::uint64_t i : shown) {
    view.entries.push_back({{}, {first.part(i * size_of(query.recording, element)), element}, "", 0});
  }
  take_indexes(view, std::move(shown));
  return view;
}

Bytes bool_bytes(bool value, const MemoryReader& memory) {
  static constexpr std::byte no{0}, yes{1};
  return {std::span(value ? &yes : &no, 1), std::nullopt, memory};
}

}  // namespace

// _M_map -> buffers of 512 bytes; _M_start and _M_finish {_M_cur, _M_first, _M_last, _M_node} (stl_deque.h).
std::optional<ContainerView> cpp_deque(const ContainerQuery& query) {
  const auto start = find_named(query.recording, query.type, "_M_start");
  const auto finish = find_named(query.recording, query.type, "_M_finish");
  const auto element = type_argument(query.recording, query.type, 0);
  if (!start || !finish || !element) return std::nullopt;
  const std::uint64_t size = size_of(query.recording, *element);
  if (size == 0) return std::nullopt;
  const std::uint64_t per_buffer = size < 512 ? 512 / size : 1;
  struct End {
    std::uint64_t cur = 0, first = 0, last = 0, node = 0;
  };
  const auto read = [&](std::uint64_t at) -> std::optional<End> {
    const auto cur = query.bytes.word(at), first = query.bytes.word(at + 8), last = query.bytes.word(at + 16),
               node = query.bytes.word(at + 24);
    if (!cur || !first || !last || !node) return std::nullopt;
    if (*first == 0 || *cur < *first || *cur > *last || *last - *first != per_buffer * size)
      return std::nullopt;
    if ((*cur - *first) % size != 0) return std::nullopt;
    return End{*cur, *first, *last, *node};
  };
  const auto from = read(start->offset), to = read(finish->offset);
  if (!from || !to || to->node < from->node || (to->node - from->node) % 8 != 0) return std::nullopt;
  const std::uint64_t buffers = (to->node - from->node) / 8;
  constexpr std::uint64_t address_space = std::uint64_t{1} << 47;
  if (buffers > address_space / (per_buffer * size)) return std::nullopt;
  const std::uint64_t skipped = (from->cur - from->first) / size, behind = (to->cur - to->first) / size;
  if (buffers * per_buffer + behind < skipped) return std::nullopt;
  ContainerView view;
  view.length = buffers * per_buffer + behind - skipped;
  auto shown = shown_elements(view.length, query.elements);
  for (const std::uint64_t i : shown) {
    const std::uint64_t place = skipped + i;
    const auto buffer = word_at(query, {from->node + place / per_buffer * 8});
    if (!buffer) return std::nullopt;
    view.entries.push_back(
        {{}, content_at(query, Address{*buffer} + place % per_buffer * size, *element), "", 0});
  }
  take_indexes(view, std::move(shown));
  return view;
}

std::optional<ContainerView> cpp_array(const ContainerQuery& query) {
  const auto elements = find_named(query.recording, query.type, "_M_elems");
  if (!elements || query.recording.at(elements->type).kind != TypeKind::array) return ContainerView{};
  return same_as_member(query, "_M_elems");
}

// A span of fixed extent holds a pointer only; others are a shape.
std::optional<ContainerView> cpp_fixed_span(const ContainerQuery& query) {
  const auto first = member_word(query, "_M_ptr");
  const auto element = type_argument(query.recording, query.type, 0);
  // "std::span<int, 3>": the extent is the last argument.
  const auto comma = query.type.name.rfind(',');
  const auto length =
      comma == std::string::npos ? std::nullopt : number_argument("<" + query.type.name.substr(comma + 1), 0);
  if (!first || !element || !length) return std::nullopt;
  return in_a_row(query, Bytes({}, Address{*first}, query.memory), *element, *length);
}

// _M_start and _M_finish {_M_p, _M_offset}: words of 64 bits, and a bit in them (stl_bvector.h).
std::optional<ContainerView> cpp_vector_of_bool(const ContainerQuery& query) {
  const auto start = find_named(query.recording, query.type, "_M_start");
  const auto finish = find_named(query.recording, query.type, "_M_finish");
  const auto element = type_argument(query.recording, query.type, 0);
  if (!start || !finish || !element || size_of(query.recording, *element) != 1) return std::nullopt;
  if (query.recording.at(start->type).kind != TypeKind::record) return std::nullopt;
  const auto from = query.bytes.word(start->offset), to = query.bytes.word(finish->offset);
  const auto first_bit = query.bytes.number(start->offset + 8, 4),
             last_bit = query.bytes.number(finish->offset + 8, 4);
  const auto storage = member_word(query, "_M_end_of_storage");
  if (!from || !to || !first_bit || !last_bit || *first_bit != 0 || *last_bit >= word_bits)
    return std::nullopt;
  if (*to < *from || (*to - *from) % 8 != 0 || (*from == 0 && *to != 0)) return std::nullopt;
  ContainerView view;
  view.length = (*to - *from) * 8 + static_cast<std::uint64_t>(*last_bit);
  if (storage && *storage >= *to) view.capacity = (*storage - *from) * 8;
  auto shown = shown_elements(view.length, query.elements);
  for (const std::uint64_t i : shown) {
    const auto word = word_at(query, {*from + i / word_bits * 8});
    if (!word) return std::nullopt;
    view.entries.push_back(
        {{}, {bool_bytes((*word >> (i % word_bits) & 1) != 0, query.memory), *element}, "", 0});
  }
  take_indexes(view, std::move(shown));
  return view;
}

// As to_string() writes it: the highest bit first.
std::optional<ContainerView> cpp_bitset(const ContainerQuery& query) {
  const auto bits = number_argument(query.type.name, 0);
  const auto words = find_named(query.recording, query.type, "_M_w");
  if (!bits) return std::nullopt;
  if (*bits == 0) return wrapped("bitset \"\"");
  if (!words || *bits > query.type.size.value_or(0) * 8) return std::nullopt;
  constexpr std::uint64_t most_shown = 256;
  std::string text;
  for (std::uint64_t i = 0; i < std::min(*bits, most_shown); ++i) {
    const std::uint64_t bit = *bits - 1 - i;
    const auto byte = query.bytes.number(words->offset + bit / 8, 1);
    if (!byte) return std::nullopt;
    text.push_back((*byte >> (bit % 8) & 1) != 0 ? '1' : '0');
  }
  return wrapped(text + (*bits > most_shown ? "…" : ""));
}

}  // namespace situ
