/* Frees one block twice: glibc ends the program. */
#include <stdlib.h>

int main(void) {
  int* value = malloc(sizeof *value);
  *value = 5;
  free(value);
  free(value);
  return 0;
}
