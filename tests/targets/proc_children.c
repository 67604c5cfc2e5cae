/* Children of every kind call hit(), where an int3 may stand, and must not be hurt by it. */
#define _GNU_SOURCE
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

__attribute__((noinline)) int hit(int value) {
  __asm__ volatile("" ::: "memory");
  return value + 1;
}

static int in_shared_memory(void* counter) {
  for (int i = 0; i < 5; ++i) *(int*)counter = hit(*(int*)counter);
  _exit(3);
}

static int status_of(pid_t child) {
  int status = -1;
  waitpid(child, &status, __WALL);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "";
  int result = hit(0);
  fflush(stdout);
  if (!strcmp(how, "fork")) {
    const pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 5; ++i) result = hit(result);
      printf("child %d\n", result);
      fflush(stdout);
      _exit(result);
    }
    printf("fork %d\n", status_of(child));
  } else if (!strcmp(how, "vfork")) {
    const pid_t child = vfork();
    if (child == 0) {
      hit(1);
      execl("/bin/sh", "sh", "-c", "exit 6", (char*)NULL);
      _exit(127);
    }
    printf("vfork %d\n", status_of(child));
  } else if (!strcmp(how, "vfork_exit")) {
    const pid_t child = vfork();
    if (child == 0) {
      hit(1);
      _exit(11);
    }
    printf("vfork_exit %d\n", status_of(child));
  } else if (!strcmp(how, "spawn")) {
    pid_t child = 0;
    char* arguments[] = {"sh", "-c", "exit 4", NULL};
    const int error = posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ);
    printf("spawn %d %d\n", error, status_of(child));
  } else if (!strcmp(how, "system")) {
    printf("system %d\n", WEXITSTATUS(system("exit 12")));
  } else if (!strcmp(how, "clone_vm")) {
    static char stack[65536];
    int counter = 0;
    const pid_t child = clone(in_shared_memory, stack + sizeof stack, CLONE_VM | SIGCHLD, &counter);
    const int status = status_of(child);
    printf("clone_vm %d %d\n", status, counter);
  }
  hit(0);
  return 2;
}
