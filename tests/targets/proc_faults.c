/* Instructions that fault, whose handler looks at the pc it interrupted, repairs a register and goes back. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

long load(volatile long* from);
void leave(void (*target)(void));
__asm__(
    ".text\n.globl load\n.type load,@function\nload:\n  nop\n  mov (%rdi),%rax\n  add $1,%rax\n  ret\n.size "
    "load,.-load\n"
    ".globl leave\n.type leave,@function\nleave:\n  sub $8,%rsp\n  call *%rdi\n  add $8,%rsp\n  ret\n"
    ".size leave,.-leave\n");

static volatile long good = 41;
static volatile int faults;

static void on_fault(int number, siginfo_t* info, void* context) {
  ucontext_t* there = context;
  char text[96];
  const long pc = (long)there->uc_mcontext.gregs[REG_RIP];
  faults = faults + 1;
  const int size = snprintf(text, sizeof text, "signal %d address %p pc load+%ld\n", number, info->si_addr,
                            pc - (long)load);
  if (write(1, text, (size_t)size) != size) _exit(1);
  there->uc_mcontext.gregs[REG_RDI] = (greg_t)&good;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  const long value = load((volatile long*)16);
  printf("%ld after %d\n", value, faults);
  return 0;
}
