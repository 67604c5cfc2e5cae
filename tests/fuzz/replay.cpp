// Runs a fuzz target without a fuzzer: each seed of a folder, each of its beginnings up to a length, and
// copies with some bytes changed, always the same ones. An input that takes longer than ten seconds ends the
// run.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/input.h"

namespace {

constexpr unsigned seconds_for_one = 10;
constexpr std::size_t beginnings = 64;

void run(const std::vector<std::uint8_t>& input) {
  alarm(seconds_for_one);
  LLVMFuzzerTestOneInput(input.data(), input.size());
  alarm(0);
}

std::vector<std::uint8_t> contents(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void run_changed(const std::vector<std::uint8_t>& seed, int rounds) {
  std::mt19937 random(static_cast<std::uint32_t>(seed.size()));
  for (int round = 0; round < rounds && !seed.empty(); ++round) {
    std::vector<std::uint8_t> changed = seed;
    for (std::size_t i = 0, count = 1 + random() % 8; i < count; ++i) {
      changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
    }
    run(changed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int rounds = std::atoi(argv[2]);
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) seeds.push_back(entry.path());
  std::ranges::sort(seeds);
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds in %s\n", argv[1]);
    return 1;
  }
  for (const auto& path : seeds) {
    const std::vector<std::uint8_t> seed = contents(path);
    run(seed);
    for (std::size_t size = 0; size < std::min(seed.size(), beginnings); ++size) {
      run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size)});
    }
    run_changed(seed, rounds);
  }
  std::printf("%zu seeds\n", seeds.size());
}
