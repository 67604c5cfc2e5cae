#include "next.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>

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

// The store of the probe's own lookups.
std::uint64_t lookup_thread = 0;  // thread pointer of the thread in a lookup; 0: none
alignas(16) char store[8192];
std::size_t store_used = 0;

}  // namespace

const Allocator& next_allocator() {
  return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == known ? found : search();
}

void* own_store(std::size_t bytes) {
  const std::uint64_t thread = __atomic_load_n(&lookup_thread, __ATOMIC_RELAXED);
  if (thread == 0 || thread != thread_pointer()) return nullptr;
  const std::size_t size = (bytes + 31) & ~std::size_t{15};
  if (size < bytes || size > sizeof store - store_used) return nullptr;
  char* block = store + store_used;
  store_used += size;
  return block;
}

bool in_own_store(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(store) < sizeof store;
}

void* find_next_operator(const char* symbol, const void* return_address) {
  const int saved_errno = errno;
  // A second thread looking up at the same time does not wait (it may hold the loader's lock): at worst its
  // failing lookup allocates.
  std::uint64_t nobody = 0;
  const bool own = __atomic_compare_exchange_n(&lookup_thread, &nobody, thread_pointer(), false,
                                               __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
  void* function = dlsym(RTLD_NEXT, symbol);
  if (function == nullptr) {
    dlerror();
    Dl_info info;
    link_map* caller = nullptr;
    // With glibc a link_map is a handle; it says nothing of a library's global scope, so the probe is not
    // found.
    if (dladdr1(return_address, &info, reinterpret_cast<void**>(&caller), RTLD_DL_LINKMAP) != 0 &&
        caller != nullptr)
      function = dlsym(caller, symbol);
    if (function == nullptr) dlerror();
  }
  if (own) __atomic_store_n(&lookup_thread, std::uint64_t{0}, __ATOMIC_RELEASE);
  errno = saved_errno;
  return function;
}

}  // namespace situ::probe
