/* A signal handler: on a stack of its own with the argument "alternate", else on the thread's. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>

static volatile int got;
static char other_stack[65536];

void on_signal(int number) {
  int local = number + 1;
  got = local;
}

int main(int argc, char** argv) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  if (argc > 1 && !strcmp(argv[1], "alternate")) {
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = other_stack;
    stack.ss_size = sizeof other_stack;
    sigaltstack(&stack, NULL);
    action.sa_flags = SA_ONSTACK;
  }
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  return got == SIGUSR1 + 1 ? 0 : 1;
}
