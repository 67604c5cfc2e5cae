// A function that calls itself three times over.
int factorial(int n) {
  if (n < 2) return 1;
  return n * factorial(n - 1);
}

int helper(int n) {
  return n + 1;
}

int main() {
  int result = factorial(4);
  result = helper(result);
  return result == 25 ? 0 : 1;
}
