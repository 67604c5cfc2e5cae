// Heap blocks and the events that made and ended them (design: semantics, Blocks).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "model/ids.h"

namespace situ {

// The function of the allocator's interface the program called, as C or C++ spells it.
enum class HeapOp : std::uint8_t {
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
std::string_view heap_op_name(HeapOp op);  // "malloc", "new", "new[]", ...
bool releases(HeapOp op);                  // free and delete families

enum class Purpose : std::uint8_t { none, stdio, thread, exception, pool, loader, runtime };
std::string_view purpose_name(Purpose purpose);

// One line of a call stack kept with a block, innermost first.
struct StackLine {
  std::optional<FunctionId> function;
  std::string file;
  std::uint32_t line = 0;  // 0: no line known
  Address pc;              // as unwound (a return address for callers)
};

struct BlockSize {
  std::uint64_t requested = 0, usable = 0,
                chunk = 0;  // bytes; usable and chunk 0 when the allocator is not glibc's
  Lifetime life;
};

struct Block {
  std::optional<std::uint32_t> number;          // 1, 2, 3 ... over the user's blocks
  std::optional<std::uint32_t> runtime_number;  // r1, r2 ... over the others
  Address address;
  std::vector<BlockSize> sizes;  // more than one after a realloc in place
  HeapOp by = HeapOp::malloc;
  ThreadId thread;
  std::optional<ThreadId> freed_by_thread;
  std::optional<HeapOp> freed_by;
  std::uint32_t tenant = 1;         // k-th block at this address
  std::optional<BlockId> moved_to;  // realloc
  bool user = false;
  Purpose purpose = Purpose::none;
  // The allocator's own mark, read from the chunk header at birth and after release: its size field's flags
  // (glibc malloc.c: 1 PREV_INUSE, 2 IS_MMAPPED, 4 NON_MAIN_ARENA); empty: not read.
  std::optional<std::uint64_t> header;
  std::vector<StackLine> stack, free_stack;
  Lifetime life;
};

struct HeapEvent {
  std::uint64_t seq = 0;
  StepIndex step = 0;  // the first whose state includes it
  ThreadId thread;
  HeapOp op = HeapOp::malloc;
  std::optional<BlockId> block;
  std::uint64_t requested = 0;  // bytes; 0 for releases
  Address address;        // what was allocated or released; 0: it failed, or it is a realloc that released
  Address argument = {};  // the block given to a release or realloc; 0: none
};

}  // namespace situ
