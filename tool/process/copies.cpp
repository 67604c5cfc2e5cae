// Where the copies of displaced instructions stand. Most may stand anywhere and lie in one far area. One with
// a rip-relative operand must lie within 2 GiB of what it refers to, in a place the program will never want:
// below the executable (above its bss a page would stand in brk's way), or, for shared objects, between the
// top of the mmap area and the lowest address the stack may grow to.
#include <asm/unistd_64.h>
#include <elf.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>

#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::uint64_t chunk_unit = 64 * 1024;
constexpr std::uint64_t reach = std::uint64_t{1} << 30;  // leaves the operand as much again
constexpr std::uint64_t lowest_address = 0x10000;        // vm.mmap_min_addr
constexpr std::uint64_t mib = 1024 * 1024;

std::uint64_t distance(Address a, Address b) {
  return a < b ? b.value - a.value : a.value - b.value;
}

}  // namespace

void Tracee::Impl::prepare_copy(Address address, std::span<const std::byte> bytes, Site& site,
                                std::size_t wanted) {
  site.displaced = displace(bytes, address, address);
  if (site.displaced.by != Displaced::By::copy) return;
  const auto before = retired_.find(address);
  if (before != retired_.end() && before->second.copy) {
    const Address place = before->second.copy;
    const Displaced again = displace(bytes, address, place);
    if (again.by == Displaced::By::copy && again.code == before->second.displaced.code) {
      site.displaced = again;
      site.copy = place;
      return;
    }
  }
  const bool near = needs_near_copy(bytes);
  const auto place = take_copy_place(near ? std::optional(address) : std::nullopt, wanted);
  if (place) site.displaced = displace(bytes, address, *place);
  if (!place || site.displaced.by != Displaced::By::copy) {
    site.displaced.by = Displaced::By::single_step;
    return;
  }
  site.copy = *place;
  copies_[place->value] = {address, site.displaced};
  const auto code = std::span(site.displaced.code).first(site.displaced.code_size);
  unwritten_copies_.emplace_back(*place, std::vector<std::byte>(code.begin(), code.end()));
}

// A place for one copy; `wanted` copies are about to be asked for.
std::optional<Address> Tracee::Impl::take_copy_place(std::optional<Address> near, std::size_t wanted) {
  const auto fits = [&](const CopyChunk& chunk) {
    const bool far_chunk = chunk.at >= far_copies && chunk.at < far_copies + 0x1'0000'0000;
    const bool placed = near ? distance(chunk.at, *near) < reach : far_chunk;
    return placed && chunk.used + copy_size <= chunk.size;
  };
  auto chunk = std::find_if(chunks_.begin(), chunks_.end(), fits);
  if (chunk == chunks_.end()) {
    // Few instructions are rip-relative; the far area gets room for all that is asked for.
    const std::uint64_t most = std::min<std::uint64_t>(near ? 4096 : wanted, 1 << 20) * copy_size;
    const std::uint64_t size = near ? chunk_unit : (most + chunk_unit - 1) / chunk_unit * chunk_unit;
    const auto at = map_chunk(near, size);
    if (!at) return std::nullopt;
    chunk = chunks_.insert(chunks_.end(), {*at, size, 0});
  }
  const Address place = chunk->at + chunk->used;
  chunk->used += copy_size;
  return place;
}

std::vector<Address> Tracee::Impl::chunk_candidates(std::optional<Address> near, std::uint64_t size) const {
  constexpr std::uint64_t tries = 32;
  std::vector<Address> candidates;
  if (!near) {
    std::uint64_t used = 0;
    for (const CopyChunk& chunk : chunks_)
      if (chunk.at >= far_copies) used += chunk.size;
    candidates.push_back(far_copies + used % 0x1'0000'0000);
    return candidates;
  }
  std::uint64_t lowest = ~std::uint64_t{0}, stack_top = 0;
  bool in_executable = false;
  const std::vector<Mapping> mappings = maps();
  const Address entry{auxv(AT_ENTRY).value_or(0)};
  const auto executable = std::find_if(mappings.begin(), mappings.end(),
                                       [&](const Mapping& mapping) { return mapping.range.contains(entry); });
  for (const Mapping& mapping : mappings) {
    if (mapping.path == "[stack]") stack_top = mapping.range.high.value;
    if (executable == mappings.end() || mapping.inode != executable->inode) continue;
    if (mapping.path != executable->path) continue;
    lowest = std::min(lowest, mapping.range.low.value);
    in_executable = in_executable || mapping.range.contains(*near);
  }
  if (in_executable) {
    for (std::uint64_t i = 1; i <= tries && lowest > lowest_address + i * chunk_unit + size; ++i)
      candidates.push_back(Address{lowest - i * chunk_unit - size} - (lowest % chunk_unit));
    return candidates;
  }
  rlimit stack_limit{};
  if (stack_top == 0 || ::prlimit(pid, RLIMIT_STACK, nullptr, &stack_limit) != 0) return candidates;
  const std::uint64_t growth = std::max<std::uint64_t>(stack_limit.rlim_cur, 8 * mib);
  if (growth > stack_top / 2) return candidates;
  std::uint64_t mmap_top = 0;
  for (const Mapping& mapping : mappings)
    if (mapping.range.high.value <= stack_top - growth)
      mmap_top = std::max(mmap_top, mapping.range.high.value);
  for (std::uint64_t i = 0; i < tries; ++i) {
    const Address at{(mmap_top + mib + i * chunk_unit) / chunk_unit * chunk_unit};
    if (at.value + size + mib <= stack_top - growth && distance(at, *near) < reach) candidates.push_back(at);
  }
  return candidates;
}

std::optional<Address> Tracee::Impl::map_chunk(std::optional<Address> near, std::uint64_t size) {
  TracedThread* thread = callable_thread();
  if (!thread) return std::nullopt;
  for (Address at : chunk_candidates(near, size)) {
    const auto result = call(*thread, scratch_page, __NR_mmap,
                             {at.value, size, PROT_READ | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, ~std::uint64_t{0}, 0});
    if (!result) return std::nullopt;
    if (*result == static_cast<std::int64_t>(at.value)) return at;
  }
  return std::nullopt;
}

std::optional<Displaced::Waypoint> Tracee::Impl::waypoint(Address pc) const {
  const auto inside = [&](const CopyChunk& chunk) { return chunk.at <= pc && pc < chunk.at + chunk.used; };
  if (std::none_of(chunks_.begin(), chunks_.end(), inside)) return std::nullopt;
  const auto copy = copies_.find(pc.value & ~std::uint64_t{copy_size - 1});
  if (copy == copies_.end()) return std::nullopt;
  return copy->second.displaced.waypoint(pc.value % copy_size);
}

}  // namespace situ
