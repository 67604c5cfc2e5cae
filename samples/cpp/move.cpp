// A move hands the ownership on: the block stays where it is, its owner changes.
#include <utility>
#include <vector>

int consume(std::vector<int> taken) {
  int sum = taken[0] + taken[1] + taken[2];
  return sum;
}

std::vector<int> make(int first) {
  std::vector<int> made{first, 20, 30};
  return made;  // built where the caller wants it: nothing to move
}

int main() {
  std::vector<int> v = make(10);
  std::vector<int> w = std::move(v);  // v is left empty
  auto length = w.size();
  int sum = consume(std::move(w));  // the third owner is the last: the block is freed here
  return length == 3 && sum == 60 ? 0 : 1;
}
