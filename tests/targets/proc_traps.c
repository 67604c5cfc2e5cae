/* Executes an int3 of its own, as a probe would, while SIGTRAP is blocked, ignored, or has a handler. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

static void on_trap(int number) {
  printf("handled %d\n", number);
}

__attribute__((noinline)) void trap(void) {
  __asm__ volatile("int3");
}

int main(int argc, char** argv) {
  sigset_t mask;
  struct sigaction old;
  if (argc > 1 && strchr(argv[1], 'i')) signal(SIGTRAP, SIG_IGN);
  if (argc > 1 && strchr(argv[1], 'h')) signal(SIGTRAP, on_trap);
  if (argc > 1 && strchr(argv[1], 'b')) {
    sigemptyset(&mask);
    sigaddset(&mask, SIGTRAP);
    sigprocmask(SIG_BLOCK, &mask, NULL);
  }
  for (int i = 0; i < 3; ++i) trap();
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigaction(SIGTRAP, NULL, &old);
  printf("%d %s\n", sigismember(&mask, SIGTRAP),
         old.sa_handler == SIG_DFL   ? "default"
         : old.sa_handler == SIG_IGN ? "ignored"
                                     : "own");
  return 0;
}
