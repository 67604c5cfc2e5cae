#include "heap/ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"

namespace situ {
namespace {

UniqueFd make_memory() {
  UniqueFd fd(memfd_create("situ-ring", MFD_CLOEXEC));
  if (!fd) throw_errno(ErrorKind::cannot_trace, "cannot make the memory shared with the probe");
  if (ftruncate(fd.get(), static_cast<off_t>(wire::ring_size)) != 0)
    throw_errno(ErrorKind::cannot_trace, "cannot size the memory shared with the probe");
  return fd;
}

std::span<std::byte> map_memory(int fd) {
  void* memory = mmap(nullptr, wire::ring_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED)
    throw_errno(ErrorKind::cannot_trace, "cannot map the memory shared with the probe");
  return {static_cast<std::byte*>(memory), wire::ring_size};
}

}  // namespace

Ring::Ring() : fd_(make_memory()), memory_(map_memory(fd_.get())), reader_(memory_) {}

Ring::~Ring() {
  munmap(memory_.data(), memory_.size());
}

wire::Flags Ring::flags(Recording recording, Trapping trapping) {
  return {wire::flags_magic, recording == Recording::on ? 1U : 0U, trapping == Trapping::on ? 1U : 0U};
}

std::optional<ProbeTrap> Ring::trap(std::uint64_t rdi, std::uint64_t rsi) {
  if (rdi < static_cast<std::uint64_t>(wire::Trap::after_allocation) ||
      rdi > static_cast<std::uint64_t>(wire::Trap::ring_full))
    return std::nullopt;
  return ProbeTrap{static_cast<wire::Trap>(rdi), rsi};
}

}  // namespace situ
