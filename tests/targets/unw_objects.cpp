// C++ between two int3s: containers, virtual calls, closures, and a frame aligned beyond the ABI's 16 bytes.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

volatile int sink;

struct Shape {
  virtual ~Shape() = default;
  virtual int area() const = 0;
};
struct Square : Shape {
  int side = 3;
  int area() const override { return side * side; }
};

__attribute__((noinline)) static int aligned(int a) {
  alignas(64) volatile int values[16] = {};
  values[a & 15] = a;
  return values[a & 15];
}

int main() {
  __asm__ volatile("int3");
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 0; i < 3; i++) shapes.push_back(std::make_unique<Square>());
  int total = 0;
  for (const auto& shape : shapes) total += shape->area();
  std::map<std::string, int> counts;
  for (const char* word : {"one", "two", "a word that does not fit in a small string", "two"}) ++counts[word];
  const std::function<int(int)> twice = [&](int x) { return 2 * x + total; };
  sink = twice(21) + aligned(7) + static_cast<int>(counts.size());
  __asm__ volatile("int3");
  return 0;
}
