/* A realloc that stays where it is, one that moves, and one that frees. */
#include <stdlib.h>
#include <string.h>

int main(void) {
  char* first = malloc(10);
  strcpy(first, "kept");
  first = realloc(first, 20);
  char* behind = malloc(10);
  first = realloc(first, 2000);
  int same = !strcmp(first, "kept");
  first = realloc(first, 0);
  free(behind);
  return same ? 0 : 1;
}
