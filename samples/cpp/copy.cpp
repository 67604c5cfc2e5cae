// Assigning a value makes a second one: two places, and changing one leaves the other alone.

struct Point {
  int x;
  int y;
};

int main() {
  int a = 5;
  int b = a;
  b += 1;
  Point p{1, 2};
  Point q = p;
  q.x = 9;
  return a + p.x + p.y == 8 && b + q.x + q.y == 17 ? 0 : 1;
}
