// The interposed C functions: each forwards to the next allocator and records what happened. None of them
// touches errno: it is what the next allocator left.
#include <errno.h>

#include "next.h"
#include "record.h"

using namespace situ::probe;
using situ::wire::Op;

namespace {

std::uint64_t number(const void* block) {
  return reinterpret_cast<std::uint64_t>(block);
}

void* keep(const Request& request, void* result, const void* frame) {
  if (recording()) record_allocation(request, result, frame);
  return result;
}

// realloc and reallocarray, after the product was found to fit.
void* resize(Op op, void* block, std::size_t bytes, const void* frame) {
  const Allocator& next = next_allocator();
  const Request request{op, bytes, 0, number(block)};
  if (block == nullptr) return keep(request, next.realloc(nullptr, bytes), frame);
  const bool both = recording();
  if (both) record_realloc_begin(request);
  void* result = next.realloc(block, bytes);
  if (both) record_realloc_end(request, result);
  return result;
}

void release(const Request& request, void* block, const void* frame) {
  if (block != nullptr && recording()) record_release(request, frame);
  next_allocator().free(block);
}

}  // namespace

#define INTERPOSED extern "C" [[gnu::visibility("default")]]
#define FRAME __builtin_frame_address(0)

INTERPOSED void* malloc(std::size_t bytes) {
  return keep({Op::malloc, bytes}, next_allocator().malloc(bytes), FRAME);
}

INTERPOSED void* calloc(std::size_t count, std::size_t size) {
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  return keep({Op::calloc, bytes}, next_allocator().calloc(count, size), FRAME);
}

INTERPOSED void* realloc(void* block, std::size_t bytes) {
  return resize(Op::realloc, block, bytes, FRAME);
}

INTERPOSED void* reallocarray(void* block, std::size_t count, std::size_t size) {
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return keep({Op::reallocarray, SIZE_MAX}, nullptr, FRAME);
  }
  return resize(Op::reallocarray, block, bytes, FRAME);
}

INTERPOSED void free(void* block) {
  release({Op::free, 0, 0, number(block)}, block, FRAME);
}

// C23 defines the sized forms as free with promises; glibc 2.36 has none, so they forward to free.
INTERPOSED void free_sized(void* block, std::size_t bytes) {
  release({Op::free_sized, bytes, 0, number(block)}, block, FRAME);
}

INTERPOSED void free_aligned_sized(void* block, std::size_t alignment, std::size_t bytes) {
  release({Op::free_aligned_sized, bytes, alignment, number(block)}, block, FRAME);
}

INTERPOSED int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) {
  const int error = next_allocator().posix_memalign(result, alignment, bytes);
  if (recording())
    record_allocation({Op::posix_memalign, bytes, alignment}, error == 0 ? *result : nullptr, FRAME);
  return error;
}

INTERPOSED void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return keep({Op::aligned_alloc, bytes, alignment}, next_allocator().aligned_alloc(alignment, bytes), FRAME);
}

INTERPOSED void* memalign(std::size_t alignment, std::size_t bytes) {
  return keep({Op::memalign, bytes, alignment}, next_allocator().memalign(alignment, bytes), FRAME);
}

INTERPOSED void* valloc(std::size_t bytes) {
  return keep({Op::valloc, bytes}, next_allocator().valloc(bytes), FRAME);
}

INTERPOSED void* pvalloc(std::size_t bytes) {
  return keep({Op::pvalloc, bytes}, next_allocator().pvalloc(bytes), FRAME);
}

INTERPOSED std::size_t malloc_usable_size(void* block) {
  return next_allocator().malloc_usable_size(block);
}
