// One local of each kind of value C has and C++ has not.
#include <complex.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

struct Flexible {
  int count;
  int items[];
};
struct Inner {
  union {
    int number;
    float real;
  };
  struct {
    short low, high;
  };
};
enum Access { read_access = 1, write_access = 2, run_access = 4 };
struct Packed {
  char first;
  int second;
} __attribute__((packed));

static void look(void) {}

static void values(int length) {
  int numbers[length];
  for (int i = 0; i < length; ++i) numbers[i] = i * i;
  struct Flexible* flexible = malloc(sizeof(struct Flexible) + 3 * sizeof(int));
  flexible->count = 3;
  for (int i = 0; i < 3; ++i) flexible->items[i] = i + 1;
  double complex complex_double = 1.0 - 2.0 * I;
  float complex complex_float = 0.5F + 2.0F * I;
  long double complex complex_long = 1.5L + 0.25L * I;
  struct Inner inner = {{1}, {2, 3}};
  enum Access access = read_access | run_access;
  enum Access no_access = 0;
  struct Packed packed = {'p', 7};
  bool truth = true;
  wchar_t wide[6] = L"w\u00e4h";
  char16_t sixteen[4] = u"abc";
  char32_t thirtytwo[4] = U"xyz";
#ifndef __clang__
  _Float16 half = 1.5F16;
#endif
  char embedded[6] = "ab\0cd";
  char unterminated[3] = {'a', 'b', 'c'};
  signed char bytes[3] = {-1, 0, 1};
  double table[2][2] = {{1, 2}, {3, 4}};
  int (*compare)(const char*, const char*) = strcmp;
  void (*own)(void) = look;
  int values_end = 1;
  look();
  free(flexible);
  (void)values_end;
}

int main(void) {
  values(4);
}
