// Built with optimisation: b is inlined in a, a in main; `real` is called from b.
#include <cstdio>

__attribute__((noinline)) int real(int n) {
  std::printf("real %d\n", n);
  return n + 1;
}

__attribute__((always_inline)) static inline int b(int y) {
  int doubled = real(y) * 2;
  std::printf("b %d\n", doubled);
  return doubled + 1;
}

__attribute__((always_inline)) static inline int a(int x) {
  int inner = b(x + 1);
  std::printf("a %d\n", inner);
  return inner * 3;
}

int main(int argc, char**) {
  int result = a(argc);
  std::printf("main %d\n", result);
  return 0;
}
