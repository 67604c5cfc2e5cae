// What the probe and the tracer's heap/ring.cpp agree on, described for people in docs/probe-wire-format.md:
// a ring of records in shared memory, a private page of flags, and what the registers say at the probe's
// int3. Plain memory, no code: each side brings its own atomics.
#pragma once

#include <cstdint>

namespace situ::wire {

// Fixed places in the traced process, far from everything the kernel hands out.
inline constexpr std::uint64_t probe_base = 0x10000000000;  // where the probe is linked to
inline constexpr std::uint64_t ring_address = 0x10100000000;
inline constexpr std::uint64_t flags_address = 0x10200000000;

inline constexpr std::uint64_t ring_magic = 0x676e697275746973;   // "situring"
inline constexpr std::uint64_t flags_magic = 0x67616c6675746973;  // "situflag"
inline constexpr std::uint32_t version = 1;

inline constexpr std::uint64_t capacity = 1 << 16;  // records
inline constexpr std::uint64_t page = 4096;

// Which function of the allocator's interface the program called. The order is HeapOp's (model/block.h).
enum class Op : std::uint8_t {
  malloc,
  calloc,
  realloc,
  reallocarray,
  free,
  free_sized,
  free_aligned_sized,
  posix_memalign,
  aligned_alloc,
  memalign,
  valloc,
  pvalloc,
  operator_new,
  operator_new_array,
  operator_delete,
  operator_delete_array,
};
inline constexpr unsigned op_count = 16;

// When a record is written decides the order. A release is written before the allocator runs and an
// allocation after it, so for one address the records are in the order of what happened, whichever
// threads did it: nobody can be given an address whose release is not in the ring yet. A realloc of a block
// does both and is written twice.
enum class Phase : std::uint8_t {
  allocated = 1,  // the allocator returned; `result` 0: it failed
  releasing,      // the allocator is about to take `argument` back
  realloc_begin,  // the allocator is about to resize `argument`
  realloc_end,    // it did: `result`; 0: it failed, or, when 0 bytes were asked for, it released
};

// 64 bytes. The writer fills all others before it stores `stamp` (release).
struct Record {
  std::uint64_t stamp;           // seq + 1; anything else: this record is not there (yet)
  std::uint64_t thread_pointer;  // fs:0 of the thread
  std::uint64_t requested;  // bytes asked for (calloc, reallocarray: the product; sized releases: as given)
  std::uint64_t argument;   // the block given to a release or realloc
  std::uint64_t result;
  std::uint64_t
      usable;  // malloc_usable_size(result); 0: the allocator is not glibc's, or nothing was returned
  std::uint64_t header;     // the 8 bytes before `result`, glibc's chunk size and flags; 0 as for `usable`
  std::uint32_t alignment;  // as given; 0: none; more than fits: the highest value
  Op op;
  Phase phase;
  std::uint16_t reserved;
};
static_assert(sizeof(Record) == 64);

// Start of the ring: one page, then `capacity` records.
struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t record_size;
  std::uint64_t capacity;
  std::uint64_t pad[5];
  std::uint64_t head;  // the next seq; the probe adds 1 to claim one. Record `seq` is slot seq % capacity
  std::uint64_t pad2[7];
  std::uint64_t tail;  // all records before this seq were copied; only the tracer writes it
};
inline constexpr std::uint64_t ring_size = page + capacity * sizeof(Record);

// The flags page: private, anonymous, MADV_WIPEONFORK. The tracer writes it through /proc/PID/mem.
struct Flags {
  std::uint64_t magic;
  std::uint32_t recording;  // 1: write records
  std::uint32_t trap;       // 1: and execute int3 at allocations and releases
};

// rdi at the probe's int3; rsi is the seq of the record, which is already in the ring (not for ring_full).
enum class Trap : std::uint64_t {
  after_allocation = 1,  // also realloc(NULL, n)
  before_release,
  before_realloc,  // of a block; its contents are still in place
  after_realloc,   // follows each before_realloc, also when it failed or released
  ring_full,       // no room for a record: copy some and move `tail`, then go on
};

}  // namespace situ::wire
