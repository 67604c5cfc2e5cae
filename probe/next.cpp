#include "next.h"

#include <dlfcn.h>
#include <errno.h>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void __libc_free(void*);
void* __libc_memalign(std::size_t, std::size_t);
void* __libc_valloc(std::size_t);
void* __libc_pvalloc(std::size_t);
}

namespace situ::probe {
namespace {

int libc_posix_memalign(void** result, std::size_t alignment, std::size_t bytes) {
  if (alignment % sizeof(void*) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void* block = __libc_memalign(alignment, bytes);
  if (block == nullptr) return ENOMEM;
  *result = block;
  return 0;
}

std::size_t unknown_size(void*) {
  return 0;
}

constexpr Allocator bootstrap = {__libc_malloc,
                                 __libc_calloc,
                                 __libc_realloc,
                                 __libc_free,
                                 libc_posix_memalign,
                                 __libc_memalign,
                                 __libc_memalign,
                                 __libc_valloc,
                                 __libc_pvalloc,
                                 unknown_size,
                                 false};

enum : int { unknown, searching, known };
int state = unknown;
Allocator found;

// Not inlined into a tail call: RTLD_NEXT goes by the address dlsym returns to.
template <class Function>
[[gnu::noinline]] void find(const char* name, Function*& function, Function* otherwise) {
  void* address = dlsym(RTLD_NEXT, name);
  function = address != nullptr ? reinterpret_cast<Function*>(address) : otherwise;
}

[[gnu::noinline]] const Allocator& search() {
  int expected = unknown;
  if (!__atomic_compare_exchange_n(&state, &expected, searching, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return expected == known ? found : bootstrap;
  const int saved_errno = errno;
  find("malloc", found.malloc, bootstrap.malloc);
  find("calloc", found.calloc, bootstrap.calloc);
  find("realloc", found.realloc, bootstrap.realloc);
  find("free", found.free, bootstrap.free);
  find("posix_memalign", found.posix_memalign, bootstrap.posix_memalign);
  find("aligned_alloc", found.aligned_alloc, bootstrap.aligned_alloc);
  find("memalign", found.memalign, bootstrap.memalign);
  find("valloc", found.valloc, bootstrap.valloc);
  find("pvalloc", found.pvalloc, bootstrap.pvalloc);
  find("malloc_usable_size", found.malloc_usable_size, bootstrap.malloc_usable_size);
  found.glibc = found.malloc == __libc_malloc;
  __atomic_store_n(&state, known, __ATOMIC_RELEASE);
  errno = saved_errno;
  return found;
}

}  // namespace

const Allocator& next_allocator() {
  return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == known ? found : search();
}

}  // namespace situ::probe
