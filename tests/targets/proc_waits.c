/* A thread sleeps in epoll_wait, with an argument for ten minutes at most, while the main thread calls hit();
 * then it is woken through a pipe. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

static int ends[2], ready[2], failed, milliseconds = -1;

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

static void* sleeper(void* unused) {
  struct epoll_event event = {EPOLLIN, {0}};
  const int poller = epoll_create1(0);
  epoll_ctl(poller, EPOLL_CTL_ADD, ends[0], &event);
  if (write(ready[1], "r", 1) != 1) return unused;
  const int got = epoll_wait(poller, &event, 1, milliseconds);
  failed = got < 0;
  printf("epoll_wait %d %d\n", got, got < 0 ? errno : 0);
  return unused;
}

int main(int argc, char** argv) {
  pthread_t thread;
  char byte;
  (void)argv;
  if (argc > 1) milliseconds = 600000;
  if (pipe(ends) != 0 || pipe(ready) != 0) return 1;
  pthread_create(&thread, NULL, sleeper, NULL);
  if (read(ready[0], &byte, 1) != 1) return 1;
  for (int i = 0; i < 50; ++i) hit(i);
  if (write(ends[1], "x", 1) != 1) return 1;
  pthread_join(thread, NULL);
  return failed;
}
