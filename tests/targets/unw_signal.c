// Signal handlers between two int3s: on the running stack, on an alternate one, and one inside another.
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>

static volatile int seen;
static char other_stack[64 * 1024];

__attribute__((noinline)) static int work(int a) {
  return a + seen;
}

static void inner(int number) {
  seen += work(number);
}

static void outer(int number) {
  seen += work(number);
  raise(SIGUSR2);
}

static void install(int number, void (*handler)(int), int flags) {
  struct sigaction action = {0};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, 0);
}

__attribute__((noinline)) static void interrupted(int number) {
  volatile long local = number;
  raise(number);
  seen += (int)local;
}

int main(void) {
  stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
  sigaltstack(&stack, 0);
  install(SIGUSR1, outer, 0);
  install(SIGUSR2, inner, 0);
  install(SIGURG, inner, SA_ONSTACK);
  __asm__ volatile("int3");
  interrupted(SIGUSR1);
  interrupted(SIGUSR2);
  interrupted(SIGURG);
  __asm__ volatile("int3");
  return 0;
}
