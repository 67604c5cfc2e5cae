// One local of each library type; `look` is where a debugger or situ looks at them.
#include <any>
#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <exception>
#include <filesystem>
#include <forward_list>
#include <functional>
#include <initializer_list>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <set>
#include <stack>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
#if __cplusplus >= 202002L
#include <span>
#endif

struct Point {
  int x, y;
};
struct Shared : std::enable_shared_from_this<Shared> {
  int id = 9;
};
struct Closer {
  int calls = 3;
  void operator()(int* p) { delete p; }
};

static void close_int(int* p) {
  delete p;
}
static int twice(int n) {
  return 2 * n;
}
static void look() {}

static void texts() {
  std::string small = "hi";
  std::string large = "a string that is longer than fifteen";
  std::string nul("a\0b", 3);
  std::string hostile = "\x1b[31mred\xff";
  std::wstring wide = L"w\u00e4h";
  std::u16string sixteen = u"\u20ac16";
  std::u32string thirtytwo = U"\U0001F600!";
  std::wstring wide_long = L"a wide string beyond its buffer";
  std::wstring wide_escape = L"\x1b[0m";
  std::string_view view = "a view";
  std::u16string_view view16 = u"v16";
  std::filesystem::path path = "/tmp/a/b.txt";
  std::string text_end = "end";
  look();
}

static void sequences() {
  std::vector<int> numbers = {1, 2, 3};
  std::vector<std::string> words = {"one", "two"};
  std::vector<bool> flags = {true, false, true, true};
  std::vector<int> many;
  for (int i = 0; i < 100; ++i) many.push_back(i);
  std::vector<Point> points = {{1, 2}, {3, 4}};
  std::array<int, 3> fixed = {4, 5, 6};
  std::array<int, 0> none = {};
  std::deque<int> ends = {7, 8, 9};
  ends.push_front(6);
  std::deque<int> blocks;
  for (int i = 0; i < 300; ++i) blocks.push_back(i);
  std::list<int> linked = {1, 2, 3};
  std::list<std::string> names = {"a", "b"};
  std::forward_list<int> forward = {4, 5};
  std::forward_list<int> forward_empty;
  std::stack<int> stack({1, 2});
  std::queue<int> queue({3, 4});
  std::priority_queue<int> best;
  best.push(1);
  best.push(5);
  std::initializer_list<int> braces = {1, 2, 3};
  std::bitset<12> bits(5);
  std::bitset<70> long_bits(3);
#if __cplusplus >= 202002L
  std::span<int> span = numbers;
  std::span<int, 3> fixed_span = fixed;
#endif
  std::list<int> empty_list;
  std::deque<int> empty_deque;
  std::vector<bool> many_flags(100, true);
  int sequences_end = 1;
  look();
  (void)sequences_end;
}

static void trees() {
  std::map<int, std::string> map = {{2, "two"}, {1, "one"}, {3, "three"}};
  std::map<std::string, std::vector<int>> nested = {{"a", {1, 2}}, {"b", {}}};
  std::set<int> set = {3, 1, 2};
  std::multimap<int, char> multimap = {{1, 'a'}, {1, 'b'}};
  std::multiset<double> multiset = {1.5, 1.5};
  std::map<char, long double> aligned = {{'x', 1.5L}};
  std::unordered_map<std::string, int> hash = {{"k", 1}};
  std::unordered_set<int> hash_set = {42};
  std::unordered_multimap<int, int> hash_multimap = {{1, 2}, {1, 2}};
  std::unordered_multiset<int> hash_multiset = {7, 7};
  std::map<int, int> large;
  for (int i = 0; i < 60; ++i) large[i] = i * i;
  std::map<int, int> empty_map;
  std::unordered_map<int, int> empty_hash;
  std::map<int, std::map<int, int>> of_maps = {{1, {{2, 3}}}};
  int trees_end = 1;
  look();
  (void)trees_end;
}

static void wrappers() {
  std::pair<int, double> pair = {1, 2.5};
  std::tuple<int, char, double> tuple = {1, 'c', 2.5};
  std::tuple<> unit;
  std::optional<int> some = 5;
  std::optional<int> nothing;
  std::optional<std::string> some_text = "text";
  std::variant<int, std::string, double> variant = std::string("alt");
  std::variant<int, double> number = 2.5;
  std::any any = 42;
  std::any any_text = std::string("any text");
  std::any any_empty;
  std::any any_point = Point{1, 2};
  int seven = 7;
  std::function<int(int)> lambda = [seven](int n) { return n + seven; };
  std::function<int(int)> target = twice;
  std::function<int(int)> no_function;
  std::atomic<int> atomic = 5;
  std::atomic<bool> atomic_flag = true;
  std::atomic<int*> atomic_pointer = &seven;
  std::complex<double> complex = {1, -2};
  std::complex<float> complex_float = {0.5F, 2};
  std::chrono::milliseconds milliseconds(1500);
  std::chrono::nanoseconds nanoseconds(7);
  std::chrono::hours hours(2);
  std::chrono::duration<double> seconds(0.25);
  std::chrono::system_clock::time_point time{std::chrono::seconds(1)};
  std::reference_wrapper<int> reference = seven;
  std::mutex free_mutex;
  std::mutex held_mutex;
  held_mutex.lock();
  std::thread no_thread;
  std::exception_ptr no_exception;
  int wrappers_end = 1;
  look();
  held_mutex.unlock();
  (void)wrappers_end;
}

static void owners() {
  std::unique_ptr<int> unique = std::make_unique<int>(5);
  std::unique_ptr<int> unique_empty;
  std::unique_ptr<int[]> unique_array = std::make_unique<int[]>(3);
  std::unique_ptr<int, void (*)(int*)> with_function(new int(6), close_int);
  std::unique_ptr<int, Closer> with_object(new int(7));
  std::shared_ptr<int> shared = std::make_shared<int>(8);
  std::shared_ptr<int> shared_too = shared;
  std::weak_ptr<int> weak = shared;
  std::shared_ptr<Shared> self = std::make_shared<Shared>();
  std::shared_ptr<int> shared_empty;
  std::shared_ptr<int> shared_new(new int(11));
  std::vector<int> numbers = {1, 2, 3};
  std::vector<int>::iterator vector_iterator = numbers.begin() + 1;
  std::list<int> linked = {1, 2};
  std::list<int>::iterator list_iterator = linked.begin();
  std::map<int, int> map = {{1, 2}};
  std::map<int, int>::iterator map_iterator = map.begin();
  int owners_end = 1;
  look();
  (void)owners_end;
}

int main() {
  texts();
  sequences();
  trees();
  wrappers();
  owners();
}
