// Memory made of arrays, as a MemoryReader.
#pragma once

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "base/memory_reader.h"

namespace situ {

class ArrayMemory : public MemoryReader {
 public:
  template <class T>
  void put(std::uint64_t address, const T& value) {
    put_bytes(address, std::as_bytes(std::span(&value, 1)));
  }
  void put_text(std::uint64_t address, std::string_view text) {
    put_bytes(address, std::as_bytes(std::span(text.data(), text.size())));
  }
  void put_bytes(std::uint64_t address, std::span<const std::byte> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes_[address + i] = bytes[i];
  }
  std::size_t read(Address from, std::span<std::byte> into) const override {
    std::size_t done = 0;
    for (; done < into.size(); ++done) {
      const auto found = bytes_.find(from.value + done);
      if (found == bytes_.end()) break;
      into[done] = found->second;
    }
    return done;
  }

 private:
  std::map<std::uint64_t, std::byte> bytes_;
};

}  // namespace situ
