// An allocation before main.
struct Global {
  int* value;
  Global() : value(new int(6)) {}
  ~Global() { delete value; }
};

Global global;

int main() {
  return *global.value == 6 ? 0 : 1;
}
