// Calls three deep below main, references to callers' locals, and two boxes: who points at whom?
#include <memory>

int add(const int& part) {
  int extra = 100;
  int sum = part + extra;
  return sum;
}

int middle(const int& far, const int& near) {
  auto five = std::make_unique<int>(5);
  const int& lent = *five;
  int sum = add(lent);  // part points into the heap
  return sum + far + near;
}  // five

int outer(const int& given) {
  int ten = 10;
  const int& lent = ten;
  int first = add(lent);             // part points into this frame
  int second = middle(given, lent);  // far points two frames up
  return first + second;
}

int main() {
  int three = 3;
  auto twenty = std::make_unique<int>(20);
  const int& lent = three;
  int sum = outer(lent);
  return sum + *twenty == 248 ? 0 : 1;
}
