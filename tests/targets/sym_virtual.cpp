// Classes whose bases lie where their vtables say.
struct Far {
  int far = 1;
};
struct Left : virtual Far {
  int left = 2;
};
struct Right : virtual Far {
  int right = 3;
};
struct Both : Left, Right, virtual Far {
  int own = 4;
};

int main() {
  Both both;
  return both.far + both.own - 5;
}
