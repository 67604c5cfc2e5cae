#include "record.h"

#include <sys/syscall.h>

#include "labels.h"
#include "next.h"

// The only int3. By the calling convention the trap's kind is in rdi and the record's seq in rsi.
extern "C" [[gnu::visibility("hidden")]] void situ_probe_trap(std::uint64_t kind, std::uint64_t seq);
asm(R"(
  .text
  .globl situ_probe_trap
  .hidden situ_probe_trap
  .type situ_probe_trap, @function
  .p2align 4
situ_probe_trap:
  .cfi_startproc
  int3
  ret
  .cfi_endproc
  .size situ_probe_trap, . - situ_probe_trap
)");

namespace situ::probe {
namespace {

wire::Header& header() {
  return *reinterpret_cast<wire::Header*>(wire::ring_address);
}
wire::Record& slot(std::uint64_t seq) {
  return reinterpret_cast<wire::Record*>(wire::ring_address + wire::page)[seq % wire::capacity];
}
const volatile wire::Flags& flags() {
  return *reinterpret_cast<const volatile wire::Flags*>(wire::flags_address);
}

// mincore without libc: errno stays as it is.
bool mapped(std::uint64_t address) {
  unsigned char resident;
  long result = SYS_mincore;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(address), "S"(wire::page), "d"(&resident)
               : "rcx", "r11", "memory");
  return result == 0;
}

enum : int { unknown, attached, alone };
int attachment = unknown;

[[gnu::noinline]] int attach() {
  const bool there = mapped(wire::flags_address) && mapped(wire::ring_address) &&
                     mapped(wire::ring_address + wire::ring_size - wire::page) &&
                     header().magic == wire::ring_magic && header().version == wire::version &&
                     header().record_size == sizeof(wire::Record) && header().capacity == wire::capacity;
  const int result = there ? attached : alone;
  __atomic_store_n(&attachment, result, __ATOMIC_RELAXED);
  return result;
}

void trap(wire::Trap kind, std::uint64_t seq) {
  situ_probe_trap(static_cast<std::uint64_t>(kind), seq);
}

void trap_if_asked(wire::Trap kind, std::uint64_t seq) {
  if (flags().trap == 1) trap(kind, seq);
}

[[gnu::noinline]] std::uint64_t append(const Request& request, wire::Phase phase, void* result) {
  const std::uint64_t seq = __atomic_fetch_add(&header().head, 1, __ATOMIC_ACQ_REL);
  while (static_cast<std::int64_t>(seq - __atomic_load_n(&header().tail, __ATOMIC_ACQUIRE)) >=
         static_cast<std::int64_t>(wire::capacity)) {
    if (!recording()) return seq;
    trap(wire::Trap::ring_full, seq);
  }
  const bool known_layout = result != nullptr && next_allocator().glibc;
  wire::Record& record = slot(seq);
  record.thread_pointer = thread_pointer();
  record.requested = request.requested;
  record.argument = request.argument;
  record.result = reinterpret_cast<std::uint64_t>(result);
  record.usable = known_layout ? next_allocator().malloc_usable_size(result) : 0;
  record.header = known_layout ? static_cast<const std::uint64_t*>(result)[-1] : 0;
  record.alignment =
      request.alignment > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(request.alignment);
  record.op = request.op;
  record.phase = phase;
  record.reserved = 0;
  __atomic_store_n(&record.stamp, seq + 1, __ATOMIC_RELEASE);
  return seq;
}

}  // namespace

bool recording() {
  int state = __atomic_load_n(&attachment, __ATOMIC_RELAXED);
  if (state == unknown) state = attach();
  return state == attached && flags().magic == wire::flags_magic && flags().recording == 1;
}

void record_allocation(Request request, void* result, const void* frame) {
  Label label;
  if (take_label(false, request.requested, reinterpret_cast<std::uint64_t>(frame), label)) {
    request.op = label.op;
    request.requested = label.value;
    request.alignment = label.alignment;
  }
  const std::uint64_t seq = append(request, wire::Phase::allocated, result);
  if (result != nullptr) trap_if_asked(wire::Trap::after_allocation, seq);
}

void record_release(Request request, const void* frame) {
  Label label;
  if (take_label(true, request.argument, reinterpret_cast<std::uint64_t>(frame), label)) {
    request.op = label.op;
    request.requested = label.given;
    request.alignment = label.alignment;
  }
  trap_if_asked(wire::Trap::before_release, append(request, wire::Phase::releasing, nullptr));
}

void record_realloc_begin(const Request& request) {
  trap_if_asked(wire::Trap::before_realloc, append(request, wire::Phase::realloc_begin, nullptr));
}

void record_realloc_end(const Request& request, void* result) {
  trap_if_asked(wire::Trap::after_realloc, append(request, wire::Phase::realloc_end, result));
}

}  // namespace situ::probe
