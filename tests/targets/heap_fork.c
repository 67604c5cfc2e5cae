// A fork's child allocates much; the parent frees and allocates one block around it.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  void* volatile a = malloc(50);
  const pid_t child = fork();
  if (child == 0) {
    for (size_t i = 1; i < 1000; ++i) {
      void* volatile b = malloc(i);
      free(b);
    }
    _exit(7);
  }
  int status = 0;
  waitpid(child, &status, 0);
  free(a);
  return WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 0 : 1;
}
