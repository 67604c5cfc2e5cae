// Typed indexes into the lists of a Recording. "No such thing" is std::optional<...Id>.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace situ {

template <class Tag>
struct Id {
  std::uint32_t value = 0;
  friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace situ

template <class Tag>
struct std::hash<situ::Id<Tag>> {
  std::size_t operator()(situ::Id<Tag> id) const noexcept { return id.value; }
};
