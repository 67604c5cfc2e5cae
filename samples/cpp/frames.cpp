void bar(int j) {
  int k = 20;
}

int main() {
  int x = 5;
  bar(x);
}
