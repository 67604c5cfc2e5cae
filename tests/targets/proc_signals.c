/* Says what became of SIGTRAP's mask and handler after hit() was called, and how often signals were handled.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t handled, wanted = 200;

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

static void report(const char* where) {
  sigset_t mask;
  struct sigaction trap;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigaction(SIGTRAP, NULL, &trap);
  printf("%s blocked %d usr1 %d handler %s\n", where, sigismember(&mask, SIGTRAP),
         sigismember(&mask, SIGUSR1),
         trap.sa_handler == SIG_DFL   ? "default"
         : trap.sa_handler == SIG_IGN ? "ignored"
                                      : "own");
}

static void on_signal(int number) {
  handled = handled + hit(0);
  if (number == SIGTRAP) handled = handled + 100;
}

static void in_handler(int number) {
  hit(number);
  report("handler");
}

static void* filled(void* unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  for (int i = 0; i < 20; ++i) hit(i);
  report("thread");
  return unused;
}

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "";
  struct sigaction action;
  memset(&action, 0, sizeof action);
  if (!strcmp(how, "filled")) {
    pthread_t thread;
    pthread_create(&thread, NULL, filled, NULL);
    pthread_join(thread, NULL);
  } else if (!strcmp(how, "ignored")) {
    signal(SIGTRAP, SIG_IGN);
    for (int i = 0; i < 20; ++i) hit(i);
    raise(SIGTRAP);
  } else if (!strcmp(how, "blocked_own")) {
    sigset_t trap;
    action.sa_handler = on_signal;
    sigaction(SIGTRAP, &action, NULL);
    sigemptyset(&trap);
    sigaddset(&trap, SIGTRAP);
    sigprocmask(SIG_BLOCK, &trap, NULL);
    for (int i = 0; i < 20; ++i) hit(i);
    report("blocked");
    raise(SIGTRAP);
    sigprocmask(SIG_UNBLOCK, &trap, NULL);
    printf("handled %d\n", (int)handled);
  } else if (!strcmp(how, "handler_mask")) {
    action.sa_handler = in_handler;
    sigfillset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    hit(1);
  } else if (!strcmp(how, "suspend")) {
    sigset_t all, none;
    action.sa_handler = in_handler;
    sigaction(SIGUSR1, &action, NULL);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    hit(0);
    raise(SIGUSR1);
    sigemptyset(&none);
    sigaddset(&none, SIGTRAP);
    sigsuspend(&none);
    hit(1);
  } else if (!strcmp(how, "timer")) {
    struct itimerval every = {{0, 200}, {0, 200}};
    int sum = 0;
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    while (handled < wanted) sum += hit(1);
    memset(&every, 0, sizeof every);
    setitimer(ITIMER_REAL, &every, NULL);
    printf("timer %d\n", sum % 2);
  }
  for (int i = 0; i < 3; ++i) hit(i);
  report("end");
  return 0;
}
