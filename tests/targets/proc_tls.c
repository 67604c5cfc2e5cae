/* Where the main thread's thread-local storage ends. */
#include <pthread.h>
#include <stdio.h>

int main(void) {
  printf("%p", (void*)pthread_self());
  return 0;
}
