#include <memory>

int main() {
  auto x = std::make_unique<int>(5);
  int y = 34;
}
