// Every thread has a stack of its own; the heap is one for all of them.
#include <array>
#include <memory>
#include <thread>
#include <utility>

void work(std::shared_ptr<std::array<int, 3>> shared, std::unique_ptr<int> gift, int* total) {
  int sum = (*shared)[0] + (*shared)[1] + (*shared)[2];
  *total = sum + *gift;
}

int main() {
  auto shared = std::make_shared<std::array<int, 3>>(std::array<int, 3>{1, 2, 3});
  auto gift = std::make_unique<int>(4);
  int total = 0;
  std::thread worker(work, shared, std::move(gift), &total);  // frees the gift that this thread allocated
  worker.join();
  return total == 10 && (*shared)[0] == 1 ? 0 : 1;
}
