// What each function leaves in errno, and what it leaves alone.
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

int main(void) {
  volatile size_t huge = SIZE_MAX / 2;
  errno = 77;
  void* a = malloc(10);
  void* b = calloc(2, 10);
  a = realloc(a, 1000);
  void* c = aligned_alloc(64, 64);
  if (errno != 77) return 1;
  free(b);
  free(c);
  if (errno != 77) return 2;
  if (malloc(huge) != NULL || errno != ENOMEM) return 3;
  errno = 0;
  if (reallocarray(a, huge, 4) != NULL || errno != ENOMEM) return 4;
  errno = 78;
  void* d = NULL;
  if (posix_memalign(&d, 3, 8) != EINVAL || errno != 78) return 5;
  free(a);
  return errno == 78 ? 0 : 6;
}
