/* Stops itself; its child continues it once it has been seen stopped. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

static char state_of(pid_t pid) {
  char path[64], state = '?';
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE* file = fopen(path, "r");
  if (!file) return state;
  if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1) state = '?';
  fclose(file);
  return state;
}

int main(void) {
  const pid_t self = getpid(), child = fork();
  if (child == 0) {
    while (state_of(self) != 'T' && state_of(self) != 't') usleep(1000);
    usleep(20000);
    const int stopped = state_of(self) == 'T' || state_of(self) == 't';
    kill(self, SIGCONT);
    _exit(stopped ? 5 : 6);
  }
  raise(SIGSTOP);
  int status = 0;
  waitpid(child, &status, 0);
  printf("continued, child says %d, %d\n", WEXITSTATUS(status), hit(1));
  return 0;
}
