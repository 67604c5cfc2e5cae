// Calls of many shapes between two int3s: frameless leaves, callee-saved registers under pressure, variable
// arrays, calls through pointers, callbacks out of libc, PLT stubs, the allocator, the vdso.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

volatile int sink;

__attribute__((noinline)) static int leaf(int a) {
  return a * 3;
}

__attribute__((noinline)) static int sum(int n, const int* values) {
  int total = 0;
  for (int i = 0; i < n; i++) total += leaf(values[i]);
  return total;
}

__attribute__((noinline)) static int recursive(int depth, int x) {
  volatile int local = x;
  if (depth == 0) return leaf(local);
  return recursive(depth - 1, x + 1) + local;
}

__attribute__((noinline)) static int variable_array(int n) {
  int values[n];
  for (int i = 0; i < n; i++) values[i] = leaf(i);
  return sum(n, values);
}

__attribute__((noinline)) static long pressure(long a, long b, long c, long d, long e, long f) {
  long g = a * b, h = c * d, i = e * f, j = a + f, k = b + e;
  for (int n = 0; n < 3; n++) {
    g += leaf((int)h);
    h += leaf((int)i);
    i += leaf((int)j);
    j += leaf((int)k);
    k += leaf((int)g);
  }
  return g + h + i + j + k;
}

static int by_value(const void* a, const void* b) {
  return *(const int*)a - *(const int*)b;
}

int main(void) {
  __asm__ volatile("int3");
  int values[] = {5, 3, 9, 1, 7, 2};
  sink = sum(6, values);
  sink = recursive(12, 1);
  sink = variable_array(9);
  sink = (int)pressure(1, 2, 3, 4, 5, 6);
  int (*volatile through)(int, const int*) = sum;
  sink = through(6, values);
  qsort(values, 6, sizeof values[0], by_value);
  char text[64];
  snprintf(text, sizeof text, "%d %s %.3f", values[0], "text", 2.5);
  sink = (int)strlen(text);
  char* copy = strdup(text);
  sink = copy[0];
  free(copy);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  __asm__ volatile("int3");
  return 0;
}
