// What nobody frees stays until the program ends. It is lost when nothing points at it any more.

int* kept;

int main() {
  kept = new int(1);  // a static variable still points at it at the end
  int* lost = new int(2);
  int sum = *kept + *lost;
  lost = new int(3);  // the 2 is out of reach
  sum += *lost;
  delete lost;
  return sum == 6 ? 0 : 1;
}
