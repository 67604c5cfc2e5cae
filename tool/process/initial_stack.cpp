#include "process/initial_stack.h"

#include <elf.h>

#include <algorithm>
#include <array>

namespace situ {
namespace {

constexpr std::size_t longest_string = 32 * 4096;  // the kernel's MAX_ARG_STRLEN
constexpr std::size_t most_entries = 1 << 20;

std::string read_string(const MemoryReader& memory, Address from) {
  std::string text;
  std::array<std::byte, 256> piece;
  while (text.size() < longest_string) {
    const std::size_t got = memory.read(from + text.size(), piece);
    const auto end = std::find(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got), std::byte{0});
    for (auto at = piece.begin(); at != end; ++at) text += static_cast<char>(*at);
    if (got < piece.size() || end != piece.end()) break;
  }
  return text;
}

// The top of the main stack, read once; what lies beyond is read where it stands.
class StackCopy : public MemoryReader {
 public:
  StackCopy(const MemoryReader& memory, Address sp) : memory_(memory), low_(sp), bytes_(usual_size) {
    bytes_.resize(memory.read(sp, bytes_));
  }

  std::size_t read(Address from, std::span<std::byte> into) const override {
    if (from < low_ || from + into.size() > low_ + bytes_.size()) return memory_.read(from, into);
    std::copy_n(bytes_.begin() + (from - low_), into.size(), into.begin());
    return into.size();
  }

 private:
  static constexpr std::size_t usual_size = 64 * 1024;
  const MemoryReader& memory_;
  Address low_;
  std::vector<std::byte> bytes_;
};

}  // namespace

std::optional<std::uint64_t> InitialStack::auxv(std::uint64_t type) const {
  for (const auto& [entry, value] : auxiliary)
    if (entry == type) return value;
  return std::nullopt;
}

InitialStack read_initial_stack(const MemoryReader& process, Address sp) {
  const StackCopy memory(process, sp);
  InitialStack stack;
  const auto argument_count = memory.read_value<std::uint64_t>(sp);
  if (!argument_count || *argument_count > most_entries) return stack;
  Address at = sp + 8 * (*argument_count + 2);
  for (std::size_t i = 0; i < most_entries; ++i, at = at + 8) {
    const auto pointer = memory.read_value<std::uint64_t>(at);
    if (!pointer) return stack;
    if (*pointer == 0) break;
    stack.environment.push_back({at, {*pointer}, read_string(memory, {*pointer})});
  }
  at = at + 8;
  for (std::size_t i = 0; i < 256; ++i, at = at + 16) {
    const auto entry = memory.read_value<std::array<std::uint64_t, 2>>(at);
    if (!entry || (*entry)[0] == AT_NULL) break;
    stack.auxiliary.emplace_back((*entry)[0], (*entry)[1]);
  }
  return stack;
}

}  // namespace situ
