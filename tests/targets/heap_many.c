// heap_many N: N times malloc and free, more than the ring holds.
#include <stdlib.h>

int main(int argc, char** argv) {
  const long rounds = argc > 1 ? atol(argv[1]) : 1;
  for (long i = 0; i < rounds; ++i) {
    void* volatile block = malloc((size_t)(i % 1000) + 1);
    free(block);
  }
  return 0;
}
