// Two pointers that both believe to own a block: the second delete is one too many, and the allocator aborts.

int main() {
  int* first = new int(5);
  int* second = first;
  delete first;
  delete second;
}
