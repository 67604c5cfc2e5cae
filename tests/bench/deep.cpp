// deep PASSES: a loop at the bottom of a deep stack. At each of its stops there are 11 frames, three of them
// the C library's, and in leaf 52 variables.
#include <cstdlib>

struct Point {
  int x;
  int y;
};

int leaf(Point from, int pass) {
  int east = from.x + pass;
  int north = from.y - pass;
  int sum = east + north;
  return sum;
}

long six(long a, int b, char c, double d, long passes) {
  long total = a + b;
  for (int pass = 0; pass < passes; ++pass) {
    Point here{pass, c};
    total += leaf(here, pass);
  }
  return total + static_cast<long>(d);
}

long five(const long* a, int b, double d, long passes) {
  char letter = 'e';
  int doubled = b * 2;
  long reached = six(*a, doubled, letter, d, passes);
  return reached;
}

long four(int b, Point at, long passes) {
  long here = at.x;
  double half = at.y / 2.0;
  unsigned mask = 15U & static_cast<unsigned>(b);
  long reached = five(&here, static_cast<int>(mask), half, passes);
  return reached;
}

long three(int a, bool flag, const Point& near, long passes) {
  Point far{near.x + a, near.y};
  int steps = flag ? a : -a;
  long reached = four(steps, far, passes);
  return reached;
}

long two(int a, short b, long passes) {
  bool flag = a > b;
  Point near{a, b};
  float ratio = static_cast<float>(a) / 3.0F;
  long reached = three(static_cast<int>(ratio), flag, near, passes);
  return reached;
}

long one(int a, const char* name, long passes) {
  short length = 0;
  while (name[length] != '\0') {
    ++length;
  }
  long square = static_cast<long>(a) * a;
  long reached = two(static_cast<int>(square), length, passes);
  return reached;
}

int main(int argc, char** argv) {
  long passes = argc > 1 ? std::atol(argv[1]) : 0;
  int start = argc + 3;
  long total = one(start, "deep", passes);
  return total == 1 ? 1 : 0;
}
