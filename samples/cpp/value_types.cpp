// Values whose size is known lie on the stack, each as large as its type says.
#include <array>
#include <cstdint>
#include <utility>

int main() {
  std::uint8_t byte = 200;
  int whole = -7;
  std::int64_t wide = std::int64_t{1} << 40;
  unsigned __int128 huge = static_cast<unsigned __int128>(1) << 100;
  float single = 0.5F;
  double wider = 2.75;
  bool yes = true;
  char32_t letter = U'\u00df';
  std::pair<int, bool> pair{1, false};
  std::array<std::uint16_t, 4> row{1, 2, 3, 4};

  auto sizes = sizeof byte + sizeof whole + sizeof wide + sizeof huge + sizeof single + sizeof wider +
               sizeof yes + sizeof letter + sizeof pair + sizeof row;
  return sizes == 62 ? 0 : 1;
}
