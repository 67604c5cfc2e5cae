// Mutex and RwLock over futexes (Linux, since 1.62): the value, who holds the lock, and whether a panic
// happened under it.
#include <fmt/format.h>

#include "decode/containers_rust.h"

namespace situ {
namespace {

// A Mutex's futex: 0 unlocked, 1 locked, 2 locked with others waiting.
std::optional<std::string> mutex_words(std::uint64_t futex) {
  switch (futex) {
    case 0:
      return "unlocked";
    case 1:
      return "locked";
    case 2:
      return "locked, others wait";
    default:
      return std::nullopt;
  }
}

// An RwLock's state: the low 30 bits count readers, all ones mean a writer; two bits say who waits.
std::string rw_words(std::uint64_t state) {
  constexpr std::uint64_t holders_mask = (std::uint64_t{1} << 30) - 1;
  const std::uint64_t holders = state & holders_mask;
  std::string words = holders == 0              ? "unlocked"
                      : holders == holders_mask ? "write-locked"
                                                : fmt::format("read-locked ×{}", holders);
  if ((state >> 30) != 0) words += ", others wait";
  return words;
}

std::optional<ContainerView> lock(const ContainerQuery& query, const std::optional<std::string>& words) {
  const auto held = own_field(query.recording, query.type, "data");
  if (!held || !words) return std::nullopt;
  ContainerView view = wrapped(query, std::string(short_name(query.type.name)), *held);
  view.note = *words;
  const auto failed = number_named(query, "failed");
  if (failed && *failed != 0) view.note += ", poisoned";
  return view;
}

}  // namespace

std::optional<ContainerView> rust_mutex(const ContainerQuery& query) {
  const auto futex = word_named(query, "futex");
  return futex ? lock(query, mutex_words(*futex)) : std::nullopt;
}

std::optional<ContainerView> rust_rw_lock(const ContainerQuery& query) {
  const auto state = word_named(query, "state");
  return state ? lock(query, rw_words(*state)) : std::nullopt;
}

}  // namespace situ
