// A variant is as large as its largest alternative, and says which one it is; an optional, whether it is
// there.
#include <memory>
#include <optional>
#include <variant>

enum class Colour { red, green };

struct Rectangle {
  int width;
  int height;
};

using Shape = std::variant<std::monostate, double, Rectangle, std::unique_ptr<int>>;

int size(const Shape& shape) {
  if (auto radius = std::get_if<double>(&shape)) return static_cast<int>(*radius);
  if (auto rectangle = std::get_if<Rectangle>(&shape)) return rectangle->width * rectangle->height;
  if (auto name = std::get_if<std::unique_ptr<int>>(&shape)) return **name;
  return 0;
}

int main() {
  Colour colour = Colour::green;
  Shape dot;
  Shape circle = 1.5;
  Shape rectangle = Rectangle{3, 2};
  Shape name = std::make_unique<int>(7);  // an alternative on the stack that owns a block
  int total = size(dot) + size(circle) + size(rectangle) + size(name);

  std::optional<int> some = 5;
  std::optional<int> none;
  auto boxed = std::make_optional(std::make_unique<int>(8));
  return total == 14 && colour == Colour::green && some && !none && boxed ? 0 : 1;
}
