// What a debug info reader has to get right of C++: each thing once. Lines are found by their "mark"
// comments.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace geo {
class Shape {
 public:
  virtual ~Shape() = default;
  virtual int area() const { return 0; }  // mark: Shape::area
};
struct Square : Shape {
  int side = 2;
  int area() const override { return side * side; }
};
namespace {
struct Hidden {
  int inside;
};
}  // namespace
}  // namespace geo

enum class Color : unsigned char { red, green = 200 };
enum Plain { minus = -2, two = 2 };
union Both {
  int whole;
  float fraction;
};
struct Bits {
  unsigned low : 3;
  unsigned high : 7;
  int apart;
  signed last : 5;
};
struct Node {
  Node* next;
  const char* name;
  int grid[2][3];
};
struct Elsewhere;  // declared only
typedef int Count;

thread_local int per_thread = 4;

int sum(int count) {
  int items[count];  // mark: vla
  int total = 0;
  for (int i = 0; i < count; ++i) {  // mark: for
    items[i] = i;
    total += items[i];
  }
  for (int item : {1, 2, 3}) {  // mark: range for
    total += item;
  }
  return total;
}

template <class T>
T twice(T value) {
  return value + value;
}

int take(std::string text, Elsewhere* elsewhere, int) {  // mark: take
  return static_cast<int>(text.size()) + (elsewhere == nullptr ? 1 : 0);
}

int main() {           // mark: main
  geo::Square square;  // mark: first
  geo::Hidden hidden{1};
  Node node{};
  node.next = &node;
  Color color = Color::green;
  Plain plain = minus;
  Both both{1};
  Bits bits{1, 2, 3, -4};
  const volatile Count fixed = 7;
  static int counter = 7;
  std::vector<int> numbers{1, 2, 3};
  auto [left, right] = std::pair(1, 2.5);  // mark: binding
  auto add = [&](int extra) { return extra + node.grid[0][0]; };
  int (*function)(int) = sum;
  int geo::Square::*member = &geo::Square::side;
  decltype(nullptr) nothing = nullptr;
  int& reference = node.grid[1][2];
  __int128 wide = 5;
  {
    int square = 3;  // mark: shadow
    counter += square;
  }
  per_thread += add(3) + twice(2) + take("x", nullptr, 1) + function(3) + square.area() + hidden.inside;
  std::printf("%d %d %d\n", per_thread, left + static_cast<int>(right), square.*member + reference);
  return static_cast<int>(color) + plain + both.whole + static_cast<int>(bits.low) + fixed +
                     (nothing == nullptr) + static_cast<int>(numbers.size()) + static_cast<int>(wide) >
                 0
             ? 0
             : 1;
}
