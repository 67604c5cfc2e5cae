/* A thread ends itself two calls deep. */
#include <pthread.h>
#include <stddef.h>

void leave(int n) {
  if (n == 0) pthread_exit(NULL);
  leave(n - 1);
}

void* work(void* unused) {
  leave(1);
  return unused;
}

int main(void) {
  pthread_t worker;
  if (pthread_create(&worker, NULL, work, NULL)) return 1;
  return pthread_join(worker, NULL);
}
