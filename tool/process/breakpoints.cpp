// Planting and lifting int3s, page by page: one read and one write for all of a page's.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::byte int3{0xcc};
constexpr std::size_t longest_instruction = 15;
constexpr std::uint64_t page = 4096;

// The addresses of one page: [begin, end) of a sorted list.
std::size_t end_of_page(std::span<const Address> sorted, std::size_t begin) {
  std::size_t end = begin;
  while (end < sorted.size() && sorted[end].value / page == sorted[begin].value / page) ++end;
  return end;
}

}  // namespace

Tracee::Impl::Site* Tracee::Impl::find_site(Address address) {
  const auto site = sites_.find(address);
  return site == sites_.end() ? nullptr : &site->second;
}

std::vector<Address> Tracee::Impl::plant(std::span<const Address> addresses) {
  return plant_as(addresses, Role::none);
}

// Copies that stand one after another go in one write.
void Tracee::Impl::write_copies() {
  std::vector<std::byte> run;
  for (std::size_t begin = 0, end = 0; begin < unwritten_copies_.size(); begin = end) {
    const Address low = unwritten_copies_[begin].first;
    run.clear();
    do {
      run.resize((end - begin) * copy_size, int3);
      const std::vector<std::byte>& code = unwritten_copies_[end].second;
      run.insert(run.end(), code.begin(), code.end());
      ++end;
    } while (end < unwritten_copies_.size() &&
             unwritten_copies_[end].first == low + (end - begin) * copy_size);
    write_raw(low, run);
  }
  unwritten_copies_.clear();
}

std::vector<Address> Tracee::Impl::plant_as(std::span<const Address> addresses, Role role) {
  std::vector<Address> fresh, skipped;
  for (Address address : addresses) {
    if (Site* site = find_site(address))
      (role == Role::none ? site->wanted = true : (site->role = role, true));
    else
      fresh.push_back(address);
  }
  std::sort(fresh.begin(), fresh.end());
  fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());

  // First the copies, then the int3s: a thread that runs on must never meet one without the other.
  std::vector<std::pair<Address, Site>> made;
  for (std::size_t begin = 0, end = 0; begin < fresh.size(); begin = end) {
    end = end_of_page(fresh, begin);
    std::vector<std::byte> bytes(static_cast<std::size_t>(fresh[end - 1] - fresh[begin]) +
                                 longest_instruction);
    bytes.resize(read(fresh[begin], bytes));
    for (std::size_t i = begin; i < end; ++i) {
      const auto offset = static_cast<std::size_t>(fresh[i] - fresh[begin]);
      if (offset >= bytes.size()) {
        skipped.push_back(fresh[i]);
        continue;
      }
      const auto rest = std::span(bytes).subspan(offset);
      Site site{rest[0], role == Role::none, role, {}, {}};
      prepare_copy(fresh[i], rest.first(std::min(rest.size(), longest_instruction)), site, fresh.size() - i);
      made.emplace_back(fresh[i], site);
    }
  }
  write_copies();

  for (std::size_t begin = 0, end = 0; begin < made.size(); begin = end) {
    while (end < made.size() && made[end].first.value / page == made[begin].first.value / page) ++end;
    const Address low = made[begin].first;
    std::vector<std::byte> bytes(static_cast<std::size_t>(made[end - 1].first - low) + 1);
    bytes.resize(read_raw(low, bytes));
    for (std::size_t i = begin; i < end; ++i) {
      const auto offset = static_cast<std::size_t>(made[i].first - low);
      if (offset < bytes.size()) bytes[offset] = int3;
    }
    const std::size_t written = write_raw(low, bytes);
    for (std::size_t i = begin; i < end; ++i) {
      if (static_cast<std::size_t>(made[i].first - low) >= written) {
        skipped.push_back(made[i].first);
        continue;
      }
      sites_.insert(made[i]);
      ++counts.sites;
      switch (made[i].second.displaced.by) {
        case Displaced::By::emulation:
          ++counts.emulated;
          break;
        case Displaced::By::copy:
          ++counts.out_of_line;
          break;
        case Displaced::By::single_step:
          ++counts.sites_single_stepped;
          break;
      }
    }
  }
  return skipped;
}

// Puts the displaced bytes back where an int3 still stands, in this process or in a fork's child.
void Tracee::Impl::restore_bytes(std::span<const Address> sorted, int memory_fd) const {
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    end = end_of_page(sorted, begin);
    const Address low = sorted[begin];
    std::vector<std::byte> bytes(static_cast<std::size_t>(sorted[end - 1] - low) + 1);
    const auto got = ::pread(memory_fd, bytes.data(), bytes.size(), static_cast<off_t>(low.value));
    if (got <= 0) continue;
    bytes.resize(static_cast<std::size_t>(got));
    for (std::size_t i = begin; i < end; ++i) {
      const auto offset = static_cast<std::size_t>(sorted[i] - low);
      if (offset < bytes.size() && bytes[offset] == int3) bytes[offset] = sites_.at(sorted[i]).original;
    }
    static_cast<void>(!::pwrite(memory_fd, bytes.data(), bytes.size(), static_cast<off_t>(low.value)));
  }
}

void Tracee::Impl::lift_sites(const std::function<bool(const Site&)>& which) {
  std::vector<Address> lifted;
  for (const auto& [address, site] : sites_)
    if (which(site)) lifted.push_back(address);
  restore_bytes(lifted, memory_.get());
  for (Address address : lifted) {
    retired_.insert_or_assign(address, sites_.at(address));
    sites_.erase(address);
  }
  counts.sites -= std::min<std::uint64_t>(counts.sites, lifted.size());
}

void Tracee::Impl::lift(std::span<const Address> addresses) {
  std::vector<Address> lifted;
  for (Address address : addresses) {
    Site* site = find_site(address);
    if (!site) continue;
    site->wanted = false;
    if (site->role == Role::none) lifted.push_back(address);
  }
  std::sort(lifted.begin(), lifted.end());
  lifted.erase(std::unique(lifted.begin(), lifted.end()), lifted.end());
  restore_bytes(lifted, memory_.get());
  for (Address address : lifted) {
    retired_.insert_or_assign(address, sites_.at(address));
    sites_.erase(address);
  }
  counts.sites -= std::min<std::uint64_t>(counts.sites, lifted.size());
}

void Tracee::Impl::lift_all() {
  for (auto& [address, site] : sites_) site.wanted = false;
  lift_sites([](const Site& site) { return site.role == Role::none; });
}

// A library was unloaded, perhaps another mapped in its place: what holds no int3 any more is no site.
void Tracee::Impl::drop_unmapped_sites() {
  for (auto site = sites_.begin(); site != sites_.end();) {
    const std::uint64_t number = site->first.value / page;
    auto end = site;
    while (end != sites_.end() && end->first.value / page == number) ++end;
    const Address low = site->first;
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::prev(end)->first - low) + 1);
    bytes.resize(read_raw(low, bytes));
    while (site != end) {
      const auto offset = static_cast<std::size_t>(site->first - low);
      const bool stands = offset < bytes.size() && bytes[offset] == int3;
      if (!stands) --counts.sites;
      site = stands ? std::next(site) : sites_.erase(site);
    }
  }
}

}  // namespace situ
