// An exception leaves three frames, each with something to destroy.
struct Guard {
  int* closed;
  explicit Guard(int* count) : closed(count) {}
  ~Guard() { ++*closed; }
};

int deep(int n, int* closed) {
  Guard guard(closed);
  if (n == 0) throw 7;
  return deep(n - 1, closed) + 1;
}

int caught(int* closed) {
  try {
    return deep(2, closed);
  } catch (int thrown) {
    return thrown;
  }
}

int on_one_line(int* closed) {
  int result = 0;
  // clang-format off
  try { result = deep(2, closed); } catch (int thrown) { result = thrown; }
  // clang-format on
  return result;
}

int main() {
  int closed = 0;
  int first = caught(&closed);
  int second = on_one_line(&closed);
  return first + second == 14 && closed == 6 ? 0 : 1;
}
