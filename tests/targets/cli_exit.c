/* Ends as its argument says: an exit status, or "abort". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int status_of(const char* word) {
  int status = atoi(word);
  return status;
}

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "abort") == 0) abort();
  printf("out %d\n", argc);
  fprintf(stderr, "err\n");
  return argc > 1 ? status_of(argv[1]) : 0;
}
