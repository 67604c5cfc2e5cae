// Values that people write in a notation of their own: ranges, spans and points of time, closures.
#include <fmt/format.h>

#include <chrono>

#include "decode/containers_rust.h"

namespace situ {
namespace {

constexpr std::uint64_t second = 1'000'000'000;

// "1.5" for 1 and 500,000,000 of 1,000,000,000.
std::string decimal(std::uint64_t whole, std::uint64_t part, std::uint64_t unit) {
  std::string text = fmt::format("{}", whole);
  if (part == 0) return text;
  std::string digits = fmt::format("{}", part + unit).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

std::string duration_text(std::uint64_t seconds, std::uint64_t nanos) {
  if (seconds > 0) return decimal(seconds, nanos, second) + "s";
  if (nanos >= 1'000'000) return decimal(nanos / 1'000'000, nanos % 1'000'000, 1'000'000) + "ms";
  if (nanos >= 1'000) return decimal(nanos / 1'000, nanos % 1'000, 1'000) + "µs";
  return fmt::format("{}ns", nanos);
}

struct TimeParts {
  std::int64_t seconds = 0;
  std::uint64_t nanos = 0;
  ContainerView view;  // of the two parts
};

std::optional<TimeParts> time_parts(const ContainerQuery& query, std::string_view seconds_name,
                                    std::string_view nanos_name) {
  const auto seconds = number_named(query, seconds_name), nanos = number_named(query, nanos_name);
  const auto seconds_field = find_named(query.recording, query.type, seconds_name);
  const auto nanos_field = find_named(query.recording, query.type, nanos_name);
  if (!seconds || !nanos || *nanos < 0 || *nanos >= second) return std::nullopt;
  TimeParts parts;
  parts.seconds = static_cast<std::int64_t>(*seconds);
  parts.nanos = static_cast<std::uint64_t>(*nanos);
  parts.view.form = ContainerForm::phrase;
  parts.view.entries.push_back(entry_of(query, *seconds_field, std::string(seconds_name)));
  parts.view.entries.push_back(entry_of(query, *nanos_field, std::string(nanos_name)));
  return parts;
}

}  // namespace

std::optional<ContainerView> rust_range(const ContainerQuery& query) {
  if (!query.type.name.starts_with("core::ops::range::") && !query.type.name.starts_with("core::range::")) {
    return std::nullopt;
  }
  ContainerView view;
  view.form = ContainerForm::range;
  view.name = short_name(query.type.name).ends_with("Inclusive") ? "..=" : "..";
  for (const Field& field : query.type.fields) {
    if (field.name == "exhausted") {
      if (query.bytes.number(field.offset, 1).value_or(0) == 1) view.note = "exhausted";
      continue;
    }
    const std::string name = field.name == "last" ? "end" : field.name;
    view.entries.push_back(entry_of(query, {field.offset, field.type}, name));
  }
  return view;
}

std::optional<ContainerView> rust_duration(const ContainerQuery& query) {
  auto parts = time_parts(query, "secs", "nanos");
  if (!parts) return std::nullopt;
  parts->view.name = duration_text(static_cast<std::uint64_t>(parts->seconds), parts->nanos);
  return parts->view;
}

// The monotonic clock's reading.
std::optional<ContainerView> rust_instant(const ContainerQuery& query) {
  auto parts = time_parts(query, "tv_sec", "tv_nsec");
  if (!parts || parts->seconds < 0) return std::nullopt;
  const std::string text = decimal(static_cast<std::uint64_t>(parts->seconds), parts->nanos, second);
  parts->view.name = "Instant(" + text + "s)";
  return parts->view;
}

std::optional<ContainerView> rust_system_time(const ContainerQuery& query) {
  auto parts = time_parts(query, "tv_sec", "tv_nsec");
  constexpr std::int64_t far = 250'000'000'000;  // some thousand years either way
  if (!parts || parts->seconds > far || parts->seconds < -60'000'000'000) return std::nullopt;
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(parts->seconds)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto of_day = (time - day).count();
  const std::string seconds_text = decimal(static_cast<std::uint64_t>(of_day % 60), parts->nanos, second);
  parts->view.name = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{}{} UTC", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 of_day / 3600, of_day / 60 % 60, of_day % 60 < 10 ? "0" : "", seconds_text);
  return parts->view;
}

// Captures by reference are named `_ref__other`; parts of a captured place are joined by "__".
std::optional<ContainerView> rust_closure(const ContainerQuery& query) {
  constexpr std::string_view by_reference = "_ref__";
  ContainerView view;
  view.form = ContainerForm::record;
  view.name = "closure";
  for (const Field& field : query.type.fields) {
    const bool reference = field.name.starts_with(by_reference);
    std::string name = reference ? field.name.substr(by_reference.size()) : field.name;
    for (auto at = name.find("__", 1); at != std::string::npos; at = name.find("__", at + 1)) {
      name.replace(at, 2, ".");
    }
    view.entries.push_back(
        {{}, {query.bytes.part(field.offset), field.type}, (reference ? "&" : "") + name, field.offset});
  }
  return view;
}

}  // namespace situ
