// What a variable owns is destroyed where its scope ends, the last declared first.
#include <memory>

int hold(int number) {
  auto held = std::make_unique<int>(number);
  int twice = *held * 2;
  return twice;
}  // held

int main() {
  auto outer = std::make_unique<int>(1);
  {
    auto inner = std::make_unique<int>(2);
    int both = *outer + *inner;
    if (both != 3) return 1;
  }  // inner
  auto again = std::make_unique<int>(3);
  again = std::make_unique<int>(4);  // what it owned before goes
  int twice = hold(5);
  again.reset();  // before its scope ends
  return twice == 10 ? 0 : 1;
}  // outer
