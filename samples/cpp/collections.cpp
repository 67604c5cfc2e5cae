// Collections keep their elements on the heap, each in its own way: one run, pieces, a tree, a table.
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

int main() {
  std::vector<std::string> words{"stack", "heap"};     // short strings: in the vector's own block
  std::vector<std::vector<int>> grid{{1, 2}, {3, 4}};  // a block that points at blocks

  std::deque<int> queue;
  queue.push_back(2);
  queue.push_back(3);
  queue.push_front(1);  // in another piece

  std::map<int, char> ages;
  ages[36] = 'a';
  ages[17] = 'b';

  std::unordered_map<std::string, int> lengths;
  lengths["four"] = 4;
  lengths["three"] = 5;

  auto elements = words.size() + grid.size() + queue.size() + ages.size() + lengths.size();
  return elements == 11 && grid[1][0] == queue[2] && ages[17] == 'b' ? 0 : 1;
}
