/* A signal handler on a stack of its own, which lies where the argument says: static, heap, mapped, or own
   (inside the thread's stack, above the frame that is interrupted). With "thread" as well, all of it in a
   second thread. Prints the stack's bounds. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { size = 65536 };
static volatile int got;
static char static_stack[size];

int inner(int number) {
  int doubled = number * 2;
  return doubled;
}

void on_signal(int number) {
  int local = inner(number);
  got = local;
}

int interrupted(int number) {
  int before = number + 1;
  raise(number);
  return before + got;
}

int with_stack_at(char* low) {
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = low;
  stack.ss_size = size;
  sigaltstack(&stack, NULL);
  printf("%p %p\n", (void*)low, (void*)(low + size));
  return interrupted(SIGUSR1);
}

int inside_the_stack(void) {
  char own_stack[size];
  memset(own_stack, 0, sizeof own_stack);
  return with_stack_at(own_stack);
}

void* work(void* where) {
  if (!strcmp(where, "own"))
    inside_the_stack();
  else if (!strcmp(where, "heap"))
    with_stack_at(malloc(size));
  else if (!strcmp(where, "mapped"))
    with_stack_at(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  else
    with_stack_at(static_stack);
  return NULL;
}

int main(int argc, char** argv) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, NULL);
  if (argc > 2) {
    pthread_t thread;
    pthread_create(&thread, NULL, work, argv[1]);
    pthread_join(thread, NULL);
  } else {
    work(argv[1]);
  }
  return got == 2 * SIGUSR1 ? 0 : 1;
}
