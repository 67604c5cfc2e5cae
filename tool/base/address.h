// Addresses as types: one in the traced process is never mixed up with one in an ELF file.
// A module maps one to the other, once (symbols/module_map.h).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace situ {

template <class Tag>
struct BasicAddress {
  std::uint64_t value = 0;

  friend auto operator<=>(const BasicAddress&, const BasicAddress&) = default;
  friend constexpr BasicAddress operator+(BasicAddress a, std::uint64_t bytes) { return {a.value + bytes}; }
  friend constexpr BasicAddress operator-(BasicAddress a, std::uint64_t bytes) { return {a.value - bytes}; }
  // Signed distance in bytes.
  friend constexpr std::int64_t operator-(BasicAddress a, BasicAddress b) {
    return static_cast<std::int64_t>(a.value - b.value);
  }
  explicit constexpr operator bool() const { return value != 0; }
};

// An address in the traced process.
using Address = BasicAddress<struct ProcessAddressTag>;
// An address as an ELF file states it (p_vaddr space), before the load bias is added.
using FileAddress = BasicAddress<struct FileAddressTag>;

// Half-open [low, high).
template <class A>
struct BasicRange {
  A low, high;
  friend auto operator<=>(const BasicRange&, const BasicRange&) = default;
  constexpr bool contains(A a) const { return low <= a && a < high; }
  constexpr std::uint64_t size() const { return high.value - low.value; }
};
using AddressRange = BasicRange<Address>;
using FileRange = BasicRange<FileAddress>;

}  // namespace situ

template <class Tag>
struct std::hash<situ::BasicAddress<Tag>> {
  std::size_t operator()(situ::BasicAddress<Tag> a) const noexcept {
    return std::hash<std::uint64_t>{}(a.value);
  }
};
