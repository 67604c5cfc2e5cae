/* Frames that grow while they live: an array of variable length, and alloca. */
#include <alloca.h>

int variable_length(int n) {
  int items[n];
  for (int i = 0; i < n; ++i) items[i] = i;
  return items[n - 1];
}

int allocated(int n) {
  char* bytes = alloca((unsigned long)n);
  bytes[0] = 1;
  return bytes[0];
}

int main(void) {
  int first = variable_length(100);
  int second = allocated(500);
  return first + second == 100 ? 0 : 1;
}
