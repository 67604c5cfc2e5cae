// Memory made of arrays that counts how often it is read.
#pragma once

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "base/memory_reader.h"

namespace situ {

class MemoryParts : public MemoryReader {
 public:
  void put(Address at, std::vector<std::byte> bytes) { parts_[at] = std::move(bytes); }
  void put_code(Address at, std::initializer_list<unsigned char> code) {
    std::vector<std::byte> bytes;
    for (const unsigned char c : code) bytes.push_back(std::byte{c});
    put(at, std::move(bytes));
  }
  void put_words(Address at, const std::vector<std::uint64_t>& words) {
    std::vector<std::byte> bytes(words.size() * 8);
    std::memcpy(bytes.data(), words.data(), bytes.size());
    put(at, std::move(bytes));
  }

  std::size_t read(Address from, std::span<std::byte> into) const override {
    ++reads;
    std::size_t done = 0;
    while (done < into.size()) {
      const Address at = from + done;
      const auto after = parts_.upper_bound(at);
      if (after == parts_.begin()) break;
      const auto& [start, bytes] = *std::prev(after);
      const auto offset = static_cast<std::size_t>(at - start);
      if (offset >= bytes.size()) break;
      const std::size_t count = std::min(bytes.size() - offset, into.size() - done);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), count,
                  into.begin() + static_cast<std::ptrdiff_t>(done));
      done += count;
    }
    return done;
  }

  mutable int reads = 0;

 private:
  std::map<Address, std::vector<std::byte>> parts_;
};

}  // namespace situ
