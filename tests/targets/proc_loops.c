/* hit() is called a known number of times: in a loop, recursively, from four threads at once. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

__attribute__((noinline)) int descend(int depth) {
  return depth == 0 ? 0 : 1 + descend(depth - 1);
}

static void* many(void* count) {
  int sum = 0;
  for (long i = 0; i < *(long*)count; ++i) sum = hit(sum);
  *(long*)count = sum;
  return NULL;
}

int main(int argc, char** argv) {
  long count = 1000;
  if (argc > 1 && strcmp(argv[1], "threads") == 0) {
    pthread_t threads[4];
    long counts[4] = {500, 500, 500, 500}, sum = 0;
    for (int i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, many, &counts[i]);
    for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; ++i) sum += counts[i];
    printf("%ld\n", sum);
    return 0;
  }
  many(&count);
  printf("%ld %d\n", count, descend(100));
  return 0;
}
