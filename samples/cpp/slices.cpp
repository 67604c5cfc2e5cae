// A view borrows a part: a pointer to its first element, and how many there are or where they end.
#include <string>
#include <string_view>
#include <vector>

int sum(const int* first, const int* last) {
  int total = 0;
  for (; first != last; ++first) total += *first;
  return total;
}

int main() {
  std::string text = "the stack and the heap";
  std::string_view word(text.data() + 18, 4);  // "heap", in the string's block
  std::string_view literal = "static";         // in the program's read-only data

  std::vector<int> numbers{1, 2, 3, 4, 5};
  auto begin = numbers.begin() + 1;
  auto end = numbers.end() - 1;
  int row[] = {10, 20, 30, 40};
  int* tail = row + 2;  // in this frame

  int both = sum(&*begin, &*end) + sum(tail, row + 4);
  return both == 79 && word.size() + literal.size() == 10 ? 0 : 1;
}
