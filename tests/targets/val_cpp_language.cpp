// One local of each kind of value the C++ language has.
#include <cstddef>
#include <memory>
#include <string>

struct Animal {
  virtual ~Animal() = default;
  virtual int legs() const { return count; }
  int count = 4;
};
struct Named {
  virtual ~Named() = default;
  std::string name = "Rex";
};
struct Dog : Animal, Named {
  int legs() const override { return count; }
  int tricks = 3;
};
struct Base {
  virtual ~Base() = default;
  int base = 1;
};
struct Left : virtual Base {
  int left = 2;
};
struct Right : virtual Base {
  int right = 3;
};
struct Diamond : Left, Right {
  int bottom = 4;
};
struct Bits {
  unsigned low : 3;
  int middle : 5;
  unsigned long wide : 40;
};
union Either {
  int number;
  float real;
  char bytes[4];
};
struct Nameless {
  int kind;
  union {
    int number;
    float real;
  };
  struct {
    int x, y;
  };
};
enum Color { red, green = 5, blue };
enum class Flags : unsigned { none = 0, a = 1, b = 2, c = 4 };
struct Opaque;
struct Point {
  int x, y;
  int sum() const { return x + y; }
};
static int twice(int n) {
  return 2 * n;
}
static Opaque* opaque_of(void* p) {
  return static_cast<Opaque*>(p);
}
static void look() {}

static void language() {
  Dog dog;
  Animal* animal = &dog;
  Named* named = &dog;
  Animal& reference = dog;
  std::unique_ptr<Animal> on_heap = std::make_unique<Dog>();
  Diamond diamond;
  Bits bits = {5, -3, 1099511627775UL};
  Either either = {1};
  Nameless nameless = {1, {2}, {3, 4}};
  Color color = green;
  Color unknown = static_cast<Color>(3);
  Flags flags = static_cast<Flags>(5);
  Flags no_flags = Flags::none;
  Flags odd_flags = static_cast<Flags>(9);
  int Point::*member = &Point::y;
  int Point::*no_member = nullptr;
  int (Point::*method)() const = &Point::sum;
  int (Animal::*virtual_method)() const = &Animal::legs;
  int seven = 7;
  auto lambda = [seven, &dog](int n) { return n + seven + dog.count; };
  int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
  int (*function)(int) = twice;
  char embedded[6] = "ab\0cd";
  char text[16] = "text";
  wchar_t wide[4] = L"w\u00e4h";
  const wchar_t* wide_pointer = L"wide";
  const char16_t* sixteen_pointer = u"sixteen";
  char16_t sixteen = u'\u20ac';
  char32_t thirtytwo = U'\U0001F600';
  wchar_t one_wide = L'w';
  long double extended = 1.5L;
  __int128 huge = static_cast<__int128>(1) << 100;
  unsigned __int128 unsigned_huge = ~static_cast<unsigned __int128>(0);
  std::nullptr_t null = nullptr;
  bool truth = true;
  bool strange;
  *reinterpret_cast<unsigned char*>(&strange) = 7;
  Opaque* opaque = opaque_of(&seven);
  void* anything = &seven;
  int&& temporary = 5;
  volatile int often = 6;
  const int* const fixed = &seven;
  int language_end = 1;
  look();
  (void)language_end;
}

int main() {
  language();
}
