// Blocks go in any order, and the place of one that is gone is given to the next that fits.

int main() {
  int* first = new int(1);
  int* second = new int(2);
  int* third = new int(3);
  delete second;             // the middle one goes first
  int* fourth = new int(4);  // and its place has a new tenant: second points at it now
  delete first;
  int sum = *third + *fourth;
  delete third;
  delete fourth;
  return sum == 7 ? 0 : 1;
}
