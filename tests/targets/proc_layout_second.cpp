// A library that is linked for larger pages than the machine's.
int second_value() {
  static int value = 2;
  return ++value;
}
