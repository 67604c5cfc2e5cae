// Two compilation units that share types; see sym_other.cpp.
struct Shared {
  int number;
  Shared* next;
};
struct Complete;
int use(Complete* complete, Shared shared);
Complete* make();
int main() {
  Complete* complete = make();
  Shared shared{1, nullptr};
  return use(complete, shared) == 6 ? 0 : 1;
}
