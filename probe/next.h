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

// The definition of an operator new or delete (its mangled name) in the first library behind the probe that
// has one. Null: none. Allocates nothing, and no error of dlerror's comes of it.
void* find_next_operator(const char* symbol);

inline std::uint64_t thread_pointer() {
  std::uint64_t value;
  asm("mov %%fs:0, %0" : "=r"(value));
  return value;
}

}  // namespace situ::probe
