/* Ends in the way argv[1] names. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((noinline)) void hit(void) {
  __asm__ volatile("" ::: "memory");
}

static void* exit_whole(void* unused) {
  hit();
  exit(9);
  return unused;
}

static void* outlive_leader(void* leader) {
  pthread_join(*(pthread_t*)leader, NULL);
  hit();
  return NULL;
}

static void* sleep_on(void* unused) {
  for (;;) pause();
  return unused;
}

static void on_trap(int number) {
  const char text[] = "handled\n";
  if (number == SIGTRAP && write(1, text, sizeof text - 1) < 0) _exit(1);
}

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "return";
  pthread_t thread, self = pthread_self();
  printf("%s\n", how);
  fflush(stdout);
  hit();
  if (!strcmp(how, "exit")) exit(7);
  if (!strcmp(how, "_exit")) _exit(8);
  if (!strcmp(how, "abort")) abort();
  if (!strcmp(how, "segv")) *(volatile int*)0 = 1;
  if (!strcmp(how, "term")) raise(SIGTERM);
  if (!strcmp(how, "kill")) kill(getpid(), SIGKILL);
  if (!strcmp(how, "raise_trap")) raise(SIGTRAP);
  if (!strcmp(how, "own_int3")) __asm__ volatile("int3");
  if (!strcmp(how, "handled_trap")) {
    signal(SIGTRAP, on_trap);
    raise(SIGTRAP);
    __asm__ volatile("int3");
    return 6;
  }
  if (!strcmp(how, "thread_exits")) {
    pthread_create(&thread, NULL, exit_whole, NULL);
    pthread_join(thread, NULL);
  }
  if (!strcmp(how, "leader_leaves")) {
    pthread_create(&thread, NULL, outlive_leader, &self);
    pthread_exit(NULL);
  }
  if (!strcmp(how, "others_sleep")) {
    for (int i = 0; i < 3; ++i) pthread_create(&thread, NULL, sleep_on, NULL);
    return 4;
  }
  if (!strcmp(how, "exec")) execl("/bin/sh", "sh", "-c", "echo from sh; exit 5", (char*)NULL);
  return 0;
}
