// What changes its size lives on the heap: the block is left for a larger one.
#include <memory>
#include <string>
#include <vector>

int main() {
  std::vector<int> numbers;
  numbers.reserve(2);
  numbers.push_back(10);
  numbers.push_back(20);
  auto neighbour = std::make_unique<char>(7);  // behind the numbers' block
  numbers.push_back(30);                       // no room left
  numbers.insert(numbers.end(), {40, 50, 60, 70, 80, 90});

  std::string text = "in";  // short: kept inside the string itself
  text += " its own place";
  text += ", which is what in situ means";

  std::vector<char> big(200 * 1024);  // too big for the heap's own area: a mapping of its own
  big.reserve(400 * 1024);
  big[0] = *neighbour;

  return numbers.size() == 9 && text.size() == 45 && big.size() == 200 * 1024 ? 0 : 1;
}
