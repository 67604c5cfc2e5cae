// Prints the addresses it is given: from the heap, from its own mapping, from a thread's arena and stack.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void* work(void* argument) {
  void* volatile block = malloc(40);
  printf("arena %p stack %p\n", block, (void*)&argument);
  free(block);
  return NULL;
}

int main(void) {
  static const size_t sizes[] = {4, 24, 25, 100, 5000, 200000, 3000000};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) printf("%zu %p\n", sizes[i], malloc(sizes[i]));
  pthread_t id;
  pthread_create(&id, NULL, work, NULL);
  pthread_join(id, NULL);
  return 0;
}
