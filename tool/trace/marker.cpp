#include "trace/marker.h"

#include <algorithm>
#include <functional>

#include "inspect/places.h"
#include "process/prologue.h"

namespace situ {
namespace {

// Stands in for a stack that does not exist yet: zeros where the imagined stack is, the process elsewhere.
class ImaginedStack : public MemoryReader {
 public:
  ImaginedStack(const MemoryReader& process, AddressRange stack) : process_(process), stack_(stack) {}
  std::size_t read(Address from, std::span<std::byte> into) const override {
    if (!stack_.contains(from)) return process_.read(from, into);
    std::ranges::fill(into, std::byte{0});
    return into.size();
  }

 private:
  const MemoryReader& process_;
  AddressRange stack_;
};

// Non-canonical, so that no mapping is ever there.
constexpr Address imagined_sp{0x7abc000000100000};
constexpr Address imagined_bp{0x7abc000000200000};
constexpr AddressRange imagined_stack{{0x7abc000000000000}, {0x7abc000000400000}};

}  // namespace

MarkPattern mark_pattern(const std::string& build_id) {
  // The top byte 0xd5 makes the eight bytes a non-canonical address and each four-byte half a number of large
  // magnitude; the rest varies by build so that a program does not meet its own constants.
  const std::uint64_t hash = std::hash<std::string>{}(build_id);
  MarkPattern pattern;
  for (std::size_t i = 0; i < 8; ++i) pattern.bytes[i] = std::byte(0x80U | ((hash >> (8 * i)) & 0x7eU) | 1U);
  pattern.bytes[3] = pattern.bytes[7] = std::byte{0xd5};
  return pattern;
}

Marker::Slots Marker::find_slots(const LoadedModule& module, const FunctionInfo& function,
                                 const std::vector<Type>& types) {
  // How far the CFA is from rsp or rbp at the end of the prologue: the unwinder says, asked with imagined
  // registers.
  Registers registers;
  registers.set(Reg::rip, module.to_process(function.body).value);
  registers.set(Reg::rsp, imagined_sp.value);
  registers.set(Reg::rbp, imagined_bp.value);
  const ImaginedStack memory(tracee_, imagined_stack);
  const std::vector<RawFrame> frames =
      unwinder_.unwind(registers, memory, [](const RawFrame&) { return true; });
  if (frames.empty() || frames[0].found_by != FoundBy::cfi) return {};
  RawFrame frame = frames[0];
  const Address cfa = frame.cfa;
  const bool by_rbp = cfa >= imagined_bp;
  if (!imagined_stack.contains(cfa)) return {};
  if (by_rbp)
    frame.registers.forget(Reg::rsp);  // only rbp's distance is known
  else
    frame.registers.forget(Reg::rbp);

  Slots slots;
  for (const ResolvedPlace& resolved : resolve_places({.function = &function,
                                       .module = &module,
                                       .frame = &frame,
                                       .at_entry = nullptr,
                                       .memory = &memory,
                                       .thread_pointer = {}},
                                                      types)) {
    const Place& place = resolved.place;
    if (place.kind != PlaceKind::stack || !place.address || !place.size || *place.size == 0) continue;
    const std::int64_t low = *place.address - cfa;
    const std::int64_t high = low + static_cast<std::int64_t>(*place.size);
    if (high > -8 || low < -(1 << 20))
      continue;  // only below the return address: the callee's own, dead bytes
    slots.emplace_back(low, high);
  }
  std::ranges::sort(slots);
  Slots merged;
  for (const auto& slot : slots) {
    if (!merged.empty() && slot.first <= merged.back().second)
      merged.back().second = std::max(merged.back().second, slot.second);
    else
      merged.push_back(slot);
  }
  return merged;
}

std::vector<Mark> Marker::mark(const LoadedModule& module, const FunctionInfo& function, Address cfa,
                               const std::vector<Type>& types) {
  if (function.optimised) return {};
  const auto [entry, fresh] = slots_.try_emplace(&function);
  if (fresh) entry->second = find_slots(module, function, types);
  const Slots& slots = entry->second;
  if (slots.empty()) return {};

  const Address low = cfa - static_cast<std::uint64_t>(-slots.front().first);
  std::vector<std::byte> window(static_cast<std::size_t>(slots.back().second - slots.front().first));
  // A page of the stack that was never touched may not be readable yet: its slots stay unmarked and are zero.
  if (tracee_.read(low, window) != window.size()) return {};
  std::vector<Mark> marks;
  for (const auto& [first, last] : slots) {
    Mark mark{cfa - static_cast<std::uint64_t>(-first), {}};
    const auto begin = window.begin() + (mark.from - low);
    mark.replaced.assign(begin, begin + (last - first));
    for (std::int64_t i = 0; i < last - first; ++i)
      begin[i] = pattern_.at(mark.from + static_cast<std::uint64_t>(i));
    marks.push_back(std::move(mark));
  }
  if (tracee_.write(low, window) != window.size()) return {};
  return marks;
}

void Marker::mark_again(const LoadedModule& module, const FunctionInfo& function, Address cfa,
                        std::vector<Mark>& marks) {
  if (marks.empty()) return;
  const auto [entry, fresh] = junk_.try_emplace(&function);
  if (fresh && function.body > function.entry && function.body - function.entry < 4096) {
    std::vector<std::byte> code(static_cast<std::size_t>(function.body - function.entry));
    if (tracee_.read(module.to_process(function.entry), code) == code.size())
      entry->second = pushed_junk(code);
  }
  for (const auto& [first, last] : entry->second)
    for (Mark& mark : marks) {
      const Address low = std::max(mark.from, cfa - static_cast<std::uint64_t>(-first));
      const Address high =
          std::min(mark.from + mark.replaced.size(), cfa - static_cast<std::uint64_t>(-last));
      if (low >= high) continue;
      std::vector<std::byte> bytes(static_cast<std::size_t>(high - low));
      if (tracee_.read(low, bytes) != bytes.size()) continue;
      std::ranges::copy(bytes, mark.replaced.begin() + (low - mark.from));
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = pattern_.at(low + i);
      tracee_.write(low, bytes);
    }
}

void Marker::restore(const std::vector<Mark>& marks) {
  if (marks.empty()) return;
  const Address low = marks.front().from;
  const Address high = marks.back().from + marks.back().replaced.size();
  std::vector<std::byte> window(static_cast<std::size_t>(high - low));
  if (tracee_.read(low, window) != window.size()) return;
  bool changed = false;
  for (const Mark& mark : marks)
    for (std::size_t i = 0; i < mark.replaced.size(); ++i) {
      std::byte& byte = window[static_cast<std::size_t>(mark.from - low) + i];
      if (byte != pattern_.at(mark.from + i)) continue;
      byte = mark.replaced[i];
      changed = true;
    }
  if (changed) tracee_.write(low, window);
}

}  // namespace situ
