// workload LINES CALLS: as many passes through a line, then as many calls, each with a few frames and locals
// to show.
#include <cstdlib>

struct Point {
  int x;
  int y;
};

int inner(Point from, int steps) {
  int east = from.x + steps;
  int north = from.y + steps;
  return east + north;
}

int middle(int n) {
  Point here{n, n + 1};
  int steps = n % 7;
  int reached = inner(here, steps);
  return reached;
}

int main(int argc, char** argv) {
  long lines = argc > 1 ? std::atol(argv[1]) : 0;
  long calls = argc > 2 ? std::atol(argv[2]) : 0;
  int last = 0;
  long total = 0;
  for (long i = 0; i < lines; ++i) {
    last = static_cast<int>(i);
  }
  for (long i = 0; i < calls; ++i) {
    total += middle(last + static_cast<int>(i));
  }
  return total < 0 ? 1 : 0;
}
