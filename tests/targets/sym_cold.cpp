// A function in two pieces: at -O2 g++ moves the unlikely part away.
#include <cstdio>
#include <cstdlib>

__attribute__((cold, noinline)) void complain(int value) {
  std::fprintf(stderr, "%d\n", value);
  std::abort();
}

__attribute__((noinline)) int checked(int value, int* place) {
  if (__builtin_expect(value < 0, 0)) {
    complain(value);
    std::fprintf(stderr, "%d\n", *place);
  }
  return value * 2 + *place;
}

int main(int argc, char**) {
  int place = argc;
  return checked(argc, &place) > 0 ? 0 : 1;
}
