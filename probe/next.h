// The next allocator in the program's lookup order, which every call is forwarded to: glibc's, or one the
// program or the user brought (jemalloc, a debugging shim).
#pragma once

#include <cstddef>
#include <cstdint>

namespace situ::probe {

struct Allocator {
  void* (*malloc)(std::size_t);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void (*free)(void*);
  int (*posix_memalign)(void**, std::size_t, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*valloc)(std::size_t);
  void* (*pvalloc)(std::size_t);
  std::size_t (*malloc_usable_size)(void*);
  bool glibc;  // blocks have glibc's chunk header before them
};

// Found once, at the first call. While it is being found: glibc's own functions.
const Allocator& next_allocator();

// The next definition of an operator new or delete, for a caller that returns to `return_address`: the one
// after the probe, else the one in the libraries of the caller (a C++ library that a C program opened). Null:
// none. Keeps errno and allocates nothing from the program's heap.
void* find_next_operator(const char* symbol, const void* return_address);

// While the probe itself looks a symbol up in vain, the loader allocates its message. That comes from a
// small store of the probe's, never from the program's heap. Null: not in such a lookup.
void* own_store(std::size_t bytes);
bool in_own_store(const void* block);

inline std::uint64_t thread_pointer() {
  std::uint64_t value;
  asm("mov %%fs:0, %0" : "=r"(value));
  return value;
}

}  // namespace situ::probe
