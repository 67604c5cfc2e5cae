// A pointer says nothing about what it points to: the block may be freed, moved or another's, the frame gone.
#include <vector>

void keep(int** where) {
  int local = 7;
  *where = &local;
}

int main() {
  int* of_frame = nullptr;
  keep(&of_frame);  // local's frame is popped

  int* of_block = new int(1);
  delete of_block;
  auto* tenant = new char(2);  // in the same place

  std::vector<long> numbers{10, 20};
  long* first = &numbers[0];
  numbers.push_back(30);  // the vector has left its block
  bool stayed = first == &numbers[0];
  delete tenant;
  return of_frame && of_block && !stayed ? 0 : 1;
}
