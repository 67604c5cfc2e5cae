// Optimised: first's frame becomes second's, which returns to first's caller.
volatile int sink;

[[gnu::noinline]] int second(int n) {
  sink = n;
  return sink + 1;
}

[[gnu::noinline]] int first(int n) {
  sink = n;
  return second(n + 1);
}

int main() {
  int result = first(1);
  sink = result;
  return result == 3 ? 0 : 1;
}
