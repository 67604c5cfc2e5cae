// A second compilation unit: completes what sym_units.cpp only declares, and has a type of the same name and
// shape.
struct Shared {
  int number;
  Shared* next;
};
struct Complete {
  long value;
};
int use(Complete* complete, Shared shared) {
  return static_cast<int>(complete->value) + shared.number;
}
Complete* make() {
  static Complete made{5};
  return &made;
}
