// Calls within calls stack up. When they have returned, the next call uses the place they had.

int square(int side) {
  int across = side;
  int down = side;
  return across * down;
}

int cube(int edge) {
  int area = square(edge);
  return area * edge;
}

int outline(int side) {
  int corner = side + side;
  return corner + corner;
}

int main() {
  int edge = 3;
  int volume = cube(edge);     // main, cube and square at once
  int length = outline(edge);  // outline lies where cube lay
  return volume + length == 39 ? 0 : 1;
}
