// Assigning a pointer copies the pointer, not what it points to: two pointers, one value.
#include <memory>

int main() {
  auto number = std::make_unique<int>(1);
  int other = 2;
  int* a = number.get();
  int* b = a;  // another arrow to the same block
  *b = 9;
  int seen = *a;
  b = &other;  // this moves b's arrow alone
  int elsewhere = *b;

  int x = 1;
  int y = x;  // a value type is copied itself
  y += 8;
  return seen == 9 && elsewhere == 2 && *number == 9 && x + y == 10 ? 0 : 1;
}
