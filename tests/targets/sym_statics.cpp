// Variables that live outside frames, one of each kind.
#include <cstdio>
#include <string>

int plain = 5;
static long hidden = 6;
const int constant = 7;
namespace app {
int counter = 1;
namespace {
short anonymous = 2;
}
}  // namespace app
struct Shape {
  static int made;
  static int next() {
    static int last = 40;
    return ++last;
  }
};
int Shape::made = 0;
thread_local int mine = 11;
__thread int older = 12;
std::string title = "a title";

template <class T>
T zero() {
  static T value{};
  return ++value;
}

int main() {
  static const char* word = "hello";
  plain += zero<int>() + static_cast<int>(zero<long>());
  mine += Shape::next();
  older += Shape::made;
  app::counter += app::anonymous;
  hidden++;
  std::printf("%s %s %d\n", word, title.c_str(), constant);
  return 0;
}
