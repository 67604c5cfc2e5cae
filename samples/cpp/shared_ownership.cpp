// A block with several owners counts them, and goes when the last one goes. A weak pointer does not count.
#include <memory>

int main() {
  auto first = std::make_shared<int>(5);
  std::shared_ptr<int> second = first;  // two owners
  std::weak_ptr<int> watching = first;
  int sum = *first + *second;
  second.reset();  // one owner
  bool still = !watching.expired();
  first.reset();  // none: the 5 is gone, the counts stay for the weak pointer
  bool gone = watching.expired();

  std::shared_ptr<int> across(new int(6));  // the counts have a block of their own
  std::shared_ptr<int> another = across;
  int total = sum + *another;
  return still && gone && total == 16 ? 0 : 1;
}
