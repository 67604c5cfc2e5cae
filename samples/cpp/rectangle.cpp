// A function by value gets a copy of the rectangle, a method the address of the caller's.

struct Rectangle {
  int width;
  int height;

  int area() const {
    int product = width * height;
    return product;
  }

  void widen(int by) { width += by; }
};

int doubled(Rectangle copy) {
  copy.widen(copy.width);  // the caller's keeps its width
  return copy.area();
}

int main() {
  Rectangle room{3, 2};
  int small = room.area();
  room.widen(4);
  int large = doubled(room);
  return small == 6 && large == 28 && room.width == 7 ? 0 : 1;
}
