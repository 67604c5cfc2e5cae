/* Where the main thread's thread-local storage ends. */
#include <pthread.h>
#include <stdio.h>

_Thread_local volatile int of_its_own;

int main(void) {
  of_its_own = 1;
  printf("%p", (void*)pthread_self());
  return 0;
}
