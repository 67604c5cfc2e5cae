// hashbrown's table, under HashMap and HashSet. `ctrl` points at one control byte per bucket; the buckets lie
// below it, the first one last:
//
//     … bucket 2 | bucket 1 | bucket 0 | ctrl[0] ctrl[1] ctrl[2] …
//                                        ^ ctrl
//
// A bucket is full iff the high bit of its control byte is clear. Buckets are a power of two, mask + 1.
#include <algorithm>
#include <array>
#include <vector>

#include "decode/containers_rust.h"
#include "decode/decoding.h"

namespace situ {
namespace {

constexpr std::uint64_t most_buckets = std::uint64_t{1} << 40;  // more cannot be
constexpr std::uint64_t buckets_looked_at = std::uint64_t{1} << 16;

// The full ones among the first buckets; empty when a control byte is not known.
std::optional<std::vector<std::uint64_t>> full_buckets(const MemoryReader& memory, Address ctrl,
                                                       std::uint64_t buckets) {
  std::vector<std::uint64_t> full;
  std::array<std::byte, 1024> chunk{};
  for (std::uint64_t done = 0; done < std::min(buckets, buckets_looked_at); done += chunk.size()) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(chunk.size(), buckets - done));
    if (!memory.read_all(ctrl + done, part)) return std::nullopt;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if ((part[i] & std::byte{0x80}) == std::byte{0}) full.push_back(done + i);
    }
  }
  return full;
}

}  // namespace

std::optional<ContainerView> rust_hash_table(const ContainerQuery& query) {
  const Recording& recording = query.recording;
  const auto table = find_field(recording, query.type, [](const Field&, const Type& type, const Type&) {
    return short_name(type.name) == "RawTable";
  });
  const auto mask = word_named(query, "bucket_mask"), items = word_named(query, "items");
  const auto growth = word_named(query, "growth_left"), ctrl = [&]() -> std::optional<std::uint64_t> {
    const auto field = find_named(recording, query.type, "ctrl");
    return field ? query.bytes.word(innermost(recording, *field).offset) : std::nullopt;
  }();
  const auto bucket = table ? argument_named(recording.at(table->type), "T") : std::nullopt;
  if (!mask || !items || !growth || !ctrl || !bucket || *ctrl == 0) return std::nullopt;
  const Type& pair = recording.at(without_aliases(recording, *bucket));
  const auto key = find_named(recording, pair, "__0"), held = find_named(recording, pair, "__1");
  const std::uint64_t buckets = *mask + 1;
  if (!key || !held || !pair.size || buckets == 0 || (buckets & *mask) != 0) return std::nullopt;
  if (buckets > most_buckets || *items > buckets || *growth > buckets - *items) return std::nullopt;

  ContainerView view;
  const bool set = short_name(query.type.name) == "HashSet";
  view.form = set ? ContainerForm::set : ContainerForm::map;
  view.length = *items;
  view.capacity = *items + *growth;
  if (*items == 0) return view;
  const auto full = full_buckets(query.memory, {*ctrl}, buckets);
  if (!full || full->size() > *items) return std::nullopt;
  if (buckets <= buckets_looked_at && full->size() != *items) return std::nullopt;
  for (const std::uint64_t i : shown_elements(*items, query.elements)) {
    if (i >= full->size()) break;
    const Address at{*ctrl - ((*full)[i] + 1) * *pair.size};
    ContainerEntry entry{{}, item_at(query, at + key->offset, key->type), {}, {}};
    if (!set) {
      entry.key = entry.value;
      entry.value = item_at(query, at + held->offset, held->type);
    }
    view.entries.push_back(std::move(entry));
    view.indexes.push_back(i);
  }
  return view;
}

}  // namespace situ
