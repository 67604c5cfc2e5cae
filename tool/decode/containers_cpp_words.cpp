// Types that mean one word or two: times, locks, threads.
#include <fmt/format.h>

#include <array>

#include "decode/containers_cpp.h"
#include "decode/decoding.h"
#include "decode/scalars.h"

namespace situ {
namespace {

struct Unit {
  std::uint64_t numerator, denominator;
  std::string_view name;
};

std::string unit_of(std::string_view ratio) {
  static constexpr std::array<Unit, 11> units = {{{1, 1'000'000'000, "ns"},
                                                  {1, 1'000'000, "us"},
                                                  {1, 1000, "ms"},
                                                  {1, 1, "s"},
                                                  {60, 1, "min"},
                                                  {3600, 1, "h"},
                                                  {86'400, 1, "days"},
                                                  {604'800, 1, "weeks"},
                                                  {2'629'746, 1, "months"},
                                                  {31'556'952, 1, "years"},
                                                  {1, 1'000'000'000'000, "ps"}}};
  const auto numerator = number_argument(ratio, 0), denominator = number_argument(ratio, 1);
  if (!numerator || !denominator) return {};
  for (const Unit& unit : units) {
    if (unit.numerator == *numerator && unit.denominator == *denominator) return std::string(unit.name);
  }
  return fmt::format("[{}/{}]s", *numerator, *denominator);
}

std::optional<std::string> duration_text(const ContainerQuery& query, const Type& type, const Bytes& bytes) {
  const auto count = find_named(query.recording, type, "__r");
  const auto period = type_argument(query.recording, type, 1);
  if (!count || !period || !is_scalar(query.recording.at(count->type))) return std::nullopt;
  const auto value =
      decode_scalar(query.recording, query.recording.at(count->type), bytes.part(count->offset));
  const std::string unit = unit_of(query.recording.at(without_aliases(query.recording, *period)).name);
  if (!value || unit.empty()) return std::nullopt;
  return value->text + " " + unit;
}

}  // namespace

std::optional<ContainerView> cpp_duration(const ContainerQuery& query) {
  const auto text = duration_text(query, query.type, query.bytes);
  return text ? std::optional(wrapped(*text)) : std::nullopt;
}

std::optional<ContainerView> cpp_time_point(const ContainerQuery& query) {
  const auto duration = find_named(query.recording, query.type, "__d");
  if (!duration) return std::nullopt;
  const auto text =
      duration_text(query, query.recording.at(duration->type), query.bytes.part(duration->offset));
  return text ? std::optional(wrapped("time_point(" + *text + " since its clock's epoch)")) : std::nullopt;
}

// pthread_mutex_t as glibc lays it out (struct_mutex.h): __lock is 0 when it is free.
std::optional<ContainerView> cpp_mutex(const ContainerQuery& query) {
  const auto lock = find_named(query.recording, query.type, "__lock");
  const auto owner = find_named(query.recording, query.type, "__owner");
  if (!lock || !owner) return std::nullopt;
  const auto state = query.bytes.number(lock->offset, 4), thread = query.bytes.number(owner->offset, 4);
  if (!state || !thread || *state > 2) return std::nullopt;
  ContainerView view = wrapped(std_name(query.type.name));
  view.note =
      *state == 0 ? "unlocked" : fmt::format("locked by thread {}", static_cast<std::uint32_t>(*thread));
  return view;
}

std::optional<ContainerView> cpp_thread(const ContainerQuery& query) {
  const auto handle = member_word(query, "_M_thread");
  if (!handle) return std::nullopt;
  ContainerView view = wrapped(std_name(query.type.name));
  view.note = *handle == 0 ? "not joinable" : fmt::format("0x{:x}", *handle);
  return view;
}

}  // namespace situ
