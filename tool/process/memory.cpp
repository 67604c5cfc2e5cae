// The tracee's memory: /proc/PID/mem for one range (it also writes read-only pages), process_vm_readv for
// many.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"
#include "process/tracee_impl.h"

namespace situ {

std::string read_proc_file(const std::string& path) {
  const UniqueFd fd(retry_eintr([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  std::string text;
  if (!fd) return text;
  std::array<char, 16384> piece;
  for (;;) {
    const auto got = retry_eintr([&] { return ::read(fd.get(), piece.data(), piece.size()); });
    if (got <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string status_field(pid_t pid, pid_t tid, std::string_view name) {
  const std::string text = "\n" + read_proc_file(fmt::format("/proc/{}/task/{}/status", pid, tid));
  const auto at = text.find(fmt::format("\n{}", name));
  if (at == std::string::npos) return {};
  const auto begin = text.find_first_not_of(" \t", at + 1 + name.size());
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find('\n', begin) - begin);
}

void Tracee::Impl::open_memory() {
  const std::string path = fmt::format("/proc/{}/mem", pid);
  memory_.reset(retry_eintr([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC); }));
  if (!memory_) throw_errno(ErrorKind::cannot_trace, fmt::format("cannot open {}", path));
}

std::size_t Tracee::Impl::read_raw(Address from, std::span<std::byte> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const std::uint64_t at = from.value + done;
    if (at > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) break;
    const auto got = retry_eintr([&] {
      return ::pread(memory_.get(), into.data() + done, into.size() - done, static_cast<off_t>(at));
    });
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::size_t Tracee::Impl::write_raw(Address to, std::span<const std::byte> bytes) const {
  if (to.value > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) return 0;
  const auto put = retry_eintr(
      [&] { return ::pwrite(memory_.get(), bytes.data(), bytes.size(), static_cast<off_t>(to.value)); });
  return put > 0 ? static_cast<std::size_t>(put) : 0;
}

void Tracee::Impl::show_originals(Address from, std::span<std::byte> bytes) const {
  const Address end = from + bytes.size();
  for (auto site = sites_.lower_bound(from); site != sites_.end() && site->first < end; ++site)
    bytes[static_cast<std::size_t>(site->first - from)] = site->second.original;
}

std::size_t Tracee::Impl::read(Address from, std::span<std::byte> into) const {
  const std::size_t got = read_raw(from, into);
  show_originals(from, into.first(got));
  return got;
}

std::vector<std::size_t> Tracee::Impl::read_many(std::span<const ReadRequest> requests) const {
  constexpr std::size_t most_at_once = 1024;  // IOV_MAX
  std::vector<std::size_t> got(requests.size(), 0);
  std::size_t next = 0;
  while (next < requests.size()) {
    const auto batch = requests.subspan(next, std::min(most_at_once, requests.size() - next));
    std::array<iovec, most_at_once> local, remote;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      local[i] = {batch[i].into.data(), batch[i].into.size()};
      remote[i] = {reinterpret_cast<void*>(batch[i].from.value), batch[i].into.size()};
    }
    ssize_t total = -1;
    if (!vector_reads_refused_) {
      total = ::process_vm_readv(pid, local.data(), batch.size(), remote.data(), batch.size(), 0);
      vector_reads_refused_ = total < 0 && (errno == EPERM || errno == ENOSYS);
    }
    // The requests that were filled; the first that was not is read by itself, and the rest go on after it.
    std::size_t filled = 0;
    for (auto left = static_cast<std::size_t>(std::max<ssize_t>(total, 0));
         filled < batch.size() && left >= batch[filled].into.size(); ++filled) {
      left -= batch[filled].into.size();
      got[next + filled] = batch[filled].into.size();
    }
    for (std::size_t i = 0; i < filled; ++i) show_originals(batch[i].from, batch[i].into);
    next += filled;
    if (filled < batch.size()) {
      got[next] = read(requests[next].from, requests[next].into);
      ++next;
    }
  }
  return got;
}

// Bytes under int3s become what the int3s displace: the copies of those instructions are made anew.
std::size_t Tracee::Impl::write(Address to, std::span<const std::byte> bytes) {
  std::vector<Address> beneath;
  const Address reach = to - std::min<std::uint64_t>(to.value, 15);
  for (auto site = sites_.lower_bound(reach); site != sites_.end() && site->first < to + bytes.size(); ++site)
    beneath.push_back(site->first);
  if (beneath.empty()) return write_raw(to, bytes);

  Sites before;
  for (Address address : beneath) before.insert(*sites_.find(address));
  restore_bytes(beneath, memory_.get());
  for (Address address : beneath) sites_.erase(address);
  const std::size_t written = write_raw(to, bytes);
  for (const auto& [address, site] : before) {
    plant_as(std::span(&address, 1), site.role);
    if (Site* again = find_site(address)) again->wanted = site.wanted;
  }
  return written;
}

std::vector<Mapping> Tracee::Impl::maps() const {
  return parse_maps(read_proc_file(fmt::format("/proc/{}/maps", pid)));
}

std::optional<std::uint64_t> Tracee::Impl::auxv(std::uint64_t type) const {
  return initial_.auxv(type);
}

}  // namespace situ
