// Library types that keep what they hold elsewhere than in one run of elements, or behind a private layout:
// maps, deques, lists, hash tables, optionals, cells, locks. A reader per library finds what is held by
// following the type's own structure through memory; everything read is checked and every walk is bounded, so
// that hostile and half-written containers end (they are then shown by their structure). One table per
// library: containers_rust.cpp, containers_cpp.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decode/bytes.h"
#include "decode/shapes.h"

namespace situ {

enum class ContainerForm : std::uint8_t {
  sequence,  // [a, b]
  set,       // {a, b}
  map,       // {k: v}
  wrapper,   // holds one value or none: optional, variant, RefCell, Mutex, any; shown as name(value)
  same,      // shown as the one value it holds: atomic, stack, reference_wrapper
  record,    // name {a: x, b: y}, by the entries' names; of one that begins with '&' only the name
  range,     // start..end: `name` stands between the entries "start" and "end"
  phrase,    // `name` says it all: "1.5s"; the entries are its parts
};

struct ContainerItem {
  Bytes bytes;
  TypeId type;
};

struct ContainerEntry {
  std::optional<ContainerItem> key;  // maps
  ContainerItem value;
  std::string name = {};      // record, range, phrase: the part's name
  std::uint64_t offset = {};  // of what lies inside the value itself
};

struct ContainerView {
  ContainerForm form = ContainerForm::sequence;
  std::uint64_t length = 0;  // as the container itself says
  std::optional<std::uint64_t> capacity;
  std::vector<ContainerEntry> entries;  // the shown ones, in the container's own order
  std::vector<std::uint64_t> indexes;   // their positions, when some are left out
  std::string name;                     // wrappers: "Some", "RefCell", "optional"; the text before "("
  std::string note;                     // behind the value: "locked", "borrowed", "strong 2, weak 1"
};

struct ContainerQuery {
  const Recording& recording;
  const Type& type;
  Bytes bytes;  // the value's
  const MemoryReader& memory;
  std::size_t elements = 25;  // entries wanted at most (see shown_elements)
};

// Empty: not a container, or its words cannot be what the type says (a slot that was never written).
std::optional<ContainerView> read_container(const ContainerQuery& query);
std::optional<ContainerView> rust_container(const ContainerQuery& query);
std::optional<ContainerView> cpp_container(const ContainerQuery& query);

}  // namespace situ
