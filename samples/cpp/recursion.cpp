// A function that calls itself has a frame for each call. A type that contains itself needs a pointer.
#include <memory>
#include <utility>

int factorial(int n) {
  if (n < 2) return 1;
  int rest = factorial(n - 1);
  return n * rest;
}

struct Node {
  int value;
  std::unique_ptr<Node> next;
};

int sum(const Node& node) {
  int total = node.value;
  if (node.next) total += sum(*node.next);
  return total;
}

int main() {
  int product = factorial(4);
  auto last = std::make_unique<Node>(Node{3, nullptr});
  auto second = std::make_unique<Node>(Node{2, std::move(last)});
  Node list{1, std::move(second)};
  int total = sum(list);
  return product == 24 && total == 6 ? 0 : 1;
}  // one node destroys the next
