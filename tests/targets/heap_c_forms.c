// Every C function of the allocator's interface once, successes and failures.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

// C23's; this libc may not have them.
__attribute__((weak)) void free_sized(void*, size_t);
__attribute__((weak)) void free_aligned_sized(void*, size_t, size_t);

int main(void) {
  volatile size_t huge = SIZE_MAX / 2;
  void* a = malloc(10);
  void* b = calloc(3, 7);
  a = realloc(a, 20);    // stays in its chunk
  a = realloc(a, 3000);  // moves: b lies behind it
  void* c = reallocarray(NULL, 5, 8);
  c = reallocarray(c, 2, 4);
  void* d = NULL;
  if (posix_memalign(&d, 64, 100) != 0) return 1;
  void* e = aligned_alloc(32, 64);
  void* f = memalign(128, 5);
  void* g = valloc(6);
  void* h = pvalloc(7);
  if (malloc_usable_size(a) < 3000) return 2;
  if (malloc(huge) != NULL || calloc(huge, 4) != NULL || realloc(b, huge) != NULL) return 3;
  if (reallocarray(b, huge, 4) != NULL || posix_memalign(&d, 3, 8) == 0) return 4;
  free(NULL);
  if (realloc(b, 0) != NULL) return 5;
  free(realloc(NULL, 33));
  free_sized(c, 8);
  free_aligned_sized(e, 32, 64);
  free(a);
  free(d);
  free(f);
  free(g);
  free(h);
  return 0;
}
