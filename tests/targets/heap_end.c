// Three allocations and a release, then an end that runs no cleanup: heap_end _exit|abort|kill|fault|raw.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "_exit";
  void* volatile a = malloc(1);
  void* volatile b = malloc(2);
  free(a);
  b = malloc(3);
  (void)b;
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "kill") == 0) kill(getpid(), SIGKILL);
  if (strcmp(how, "fault") == 0) *(volatile int*)8 = 1;
  if (strcmp(how, "raw") == 0) syscall(SYS_exit_group, 0);
  _exit(0);
}
