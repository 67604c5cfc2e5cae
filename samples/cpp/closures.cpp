// A closure is a value that holds what it uses: a reference to it, a copy, or the thing itself.
#include <array>
#include <functional>
#include <string>
#include <utility>

int call(const std::function<int(int)>& closure) {
  int result = closure(2);
  return result;
}

int main() {
  int base = 10;
  auto add = [&base](int number) { return base + number; };  // a reference to base
  std::string text = "too long for the string itself";
  auto count = [text = std::move(text)](int number) {  // the string itself: it has moved
    return static_cast<int>(text.size()) + number;
  };

  int calls = 0;
  auto tick = [&calls] { ++calls; };
  tick();
  tick();

  std::function<int(int)> boxed = [base, row = std::array<int, 8>{}](int number) {  // too large: on the heap
    return base * number + row[0];
  };
  int total = add(1) + count(2) + call(boxed);
  return calls == 2 && total == 63 ? 0 : 1;
}
