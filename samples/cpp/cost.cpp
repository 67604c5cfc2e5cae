// What a value costs, in cycles: on the stack, allocated and freed, on the heap where no cache has it, behind
// a pointer. pointers. The numbers go to standard error. Traced, they say what stopping costs: run it alone,
// or `situ cost`.
#include <x86intrin.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

unsigned long long now() {
  _mm_lfence();
  auto cycles = __rdtsc();
  _mm_lfence();
  return cycles;
}

template <typename Prepare, typename Measured>
unsigned long long best(Prepare prepare, Measured measured) {
  auto least = ~0ULL;
  for (int round = 0; round < 8; ++round) {
    prepare();
    auto start = now();
    measured();
    least = std::min(least, now() - start);
  }
  return least;
}

template <typename T>
void read(const T& place) {
  static_cast<void>(*reinterpret_cast<const volatile char*>(&place));
}

template <typename T>
void forget(const T& place) {
  _mm_clflush(&place);  // out of every cache
  _mm_mfence();
}

struct Pointing {
  std::array<int, 64> here;
  std::unique_ptr<std::array<int, 64>> there;
};

int main() {
  int local = 5;
  std::array<int, 64> far{};  // larger than a cache line
  auto pointing = std::make_unique<Pointing>(Pointing{far, std::make_unique<std::array<int, 64>>(far)});
  auto stack = best([] {}, [&] { read(local); });
  auto pair = best([] {}, [] { read(*std::make_unique<int>(5)); });
  auto cold = best([&] { forget(pointing->here); }, [&] { read(pointing->here); });
  auto chased =
      best([&] { forget(*pointing->there), forget(pointing->there); }, [&] { read(*pointing->there); });
  std::fprintf(stderr, "cycles: stack %llu, allocate and free %llu, cold %llu, behind a cold pointer %llu\n",
               stack, pair, cold, chased);
}
