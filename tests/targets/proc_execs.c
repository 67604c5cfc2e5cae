/* Replaces itself from a thread that is not the leader, while others run. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

static void* spin(void* unused) {
  for (int i = 0;; i = hit(i) % 100) usleep(10);
  return unused;
}

static void* replace(void* unused) {
  execl("/bin/sh", "sh", "-c", "echo replaced; exit 21", (char*)NULL);
  return unused;
}

int main(void) {
  pthread_t thread;
  for (int i = 0; i < 2; ++i) pthread_create(&thread, NULL, spin, NULL);
  usleep(2000);
  pthread_create(&thread, NULL, replace, NULL);
  pthread_join(thread, NULL);
  return 1;
}
