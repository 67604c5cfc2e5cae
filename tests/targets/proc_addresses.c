/* Where things lie, and the environment as the program sees it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char** environ;
static int constructed_with_preload;

__attribute__((constructor)) static void construct(void) {
  constructed_with_preload = getenv("LD_PRELOAD") != NULL;
}

__attribute__((noinline)) void hit(void) {
  __asm__ volatile("" ::: "memory");
}

static void* run(void* unused) {
  int local = 0;
  hit();
  printf("thread stack %p heap %p\n", (void*)&local, malloc(40));
  return unused;
}

int main(int argc, char** argv) {
  int local = argc;
  pthread_t thread;
  hit();
  printf("stack %p argv %p %s\n", (void*)&local, (void*)argv, argv[0]);
  printf("small %p big %p bigger %p\n", malloc(24), malloc(200000), malloc(3000000));
  pthread_create(&thread, NULL, run, NULL);
  pthread_join(thread, NULL);
  for (char** variable = environ; *variable; ++variable) printf("%s\n", *variable);
  printf("preload %d %d\n", constructed_with_preload, getenv("LD_PRELOAD") != NULL);
  FILE* maps = fopen("/proc/self/status", "r");
  char line[256];
  while (fgets(line, sizeof line, maps))
    if (!strncmp(line, "Cpus_allowed:", 13) || (!strncmp(line, "Sig", 3) && line[3] != 'Q'))
      fputs(line, stdout);
  return 0;
}
