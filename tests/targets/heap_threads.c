// Four threads pass blocks to each other through slots: most are freed by another thread than the one
// that made them, and addresses are reused at once.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { threads = 4, rounds = 2000, slots = 8 };
static _Atomic(void*) slot[slots];

static void* work(void* argument) {
  const unsigned number = (unsigned)(size_t)argument;
  for (unsigned i = 0; i < rounds; ++i) {
    void* block = malloc(16 + (i + number) % 64);
    if (i % 5 == 0) block = realloc(block, 200 + i % 100);
    free(atomic_exchange(&slot[(i + number) % slots], block));
  }
  return NULL;
}

int main(void) {
  pthread_t id[threads];
  for (size_t i = 0; i < threads; ++i) pthread_create(&id[i], NULL, work, (void*)i);
  for (size_t i = 0; i < threads; ++i) pthread_join(id[i], NULL);
  for (size_t i = 0; i < slots; ++i) free(slot[i]);
  return 0;
}
