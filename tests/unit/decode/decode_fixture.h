// Types, memory and one call to decode what lies at an address.
#pragma once

#include <gtest/gtest.h>

#include "decode/value.h"
#include "support/array_memory.h"
#include "support/recording_builder.h"

namespace situ {

struct DecodeTest : testing::Test {
  static constexpr std::uint64_t here = 0x1000, there = 0x2000;

  Value at_here(TypeId type, DecodeOptions options = {}, std::span<const AddressRange> marked = {}) {
    std::vector<std::byte> bytes(b.recording.at(type).size.value_or(0));
    bytes.resize(memory.read(Address{here}, bytes));
    return decode_value(bytes, type, {b.recording, memory, Address{here}, options, marked});
  }
  template <class T>
  Value of(TypeId type, const T& value) {
    memory.put(here, value);
    return at_here(type);
  }

  RecordingBuilder b;
  ArrayMemory memory;
};

}  // namespace situ
