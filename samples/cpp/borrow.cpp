// A reference borrows: it reaches into the caller's frame or into the heap, and owns nothing.
#include <algorithm>
#include <array>
#include <memory>
#include <string>

void add_one(int& number) {
  number += 1;
}

std::size_t longer(const std::string& left, const std::string& right) {
  std::array<std::size_t, 2> lengths{left.size(), right.size()};
  return std::max(lengths[0], lengths[1]);
}

int main() {
  int count = 5;
  add_one(count);  // number points at count, in this frame

  auto boxed = std::make_unique<int>(7);
  int& inside = *boxed;                 // into the heap, past the owner
  std::unique_ptr<int>& owner = boxed;  // at the owner
  int sum = inside + *owner;

  std::string small = "stack";  // kept inside the string itself
  std::string large = "on the heap, as it is long";
  auto length = longer(small, large);
  return count == 6 && sum == 14 && length == 26 ? 0 : 1;
}
