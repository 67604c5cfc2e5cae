// How a few cycles are measured. The time stamp counter is read behind an lfence, which waits until
// everything before it is done, and before another, which lets nothing after it begin:
//
//     lfence  rdtsc  lfence   operation × n   lfence  rdtsc  lfence
//
// One such pair around nothing costs some tens of cycles; its best is taken off every sample, and what is
// left is divided by n. A cold read cannot be repeated without becoming a hot one, so there n is 1, and each
// sample flushes the line first (clflush). Samples are not averaged: an interrupt only ever makes one slower,
// so the best is what the operation takes and the others say how steady that is. The operations are single
// instructions or calls behind a compiler barrier: what is measured does not depend on how situ was
// optimised, only the few cycles of the loop around it do.
#include "cli/cost.h"

#include <sched.h>
#include <x86intrin.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <future>
#include <memory>
#include <random>
#include <span>

namespace situ {
namespace {

struct Named {
  const char *name, *what;
};
constexpr std::array named = {
    Named{"stack_local", "a local on the stack, changed"},
    Named{"call", "a call with such a local, and its return"},
    Named{"malloc_free", "malloc of 24 bytes, written, and free"},
    Named{"heap_near", "a read from the heap, in the nearest cache"},
    Named{"heap_cold", "a read from the heap, in no cache"},
    Named{"pointer_near", "a pointer followed, in the nearest cache"},
    Named{"pointer_far", "a pointer followed, anywhere in memory"},
};

struct Measured {
  double cycles_per_ns = 0;
  std::array<Spread, named.size()> spreads{};
};

constexpr std::size_t line_size = 64;
struct alignas(line_size) Link {
  Link* next;
};

std::uint64_t now() {
  _mm_lfence();
  const std::uint64_t cycles = __rdtsc();
  _mm_lfence();
  return cycles;
}

Spread spread_of(std::span<double> samples) {
  std::sort(samples.begin(), samples.end());
  return {samples.front(), samples[samples.size() / 2], samples[samples.size() * 9 / 10]};
}

// `prepare` runs before each sample and is not measured; `operate` does its operation `batch` times. The
// first samples, a tenth, are the warm-up.
template <class Prepare, class Operate>
Spread sampled(double nothing, int batch, Prepare prepare, Operate operate) {
  constexpr int warm_up = cost_samples / 10;
  std::array<double, cost_samples> samples{};
  for (int i = -warm_up; i < cost_samples; ++i) {
    prepare();
    const std::uint64_t begin = now();
    operate();
    const std::uint64_t end = now();
    const double cycles = std::max(0.0, static_cast<double>(end - begin) - nothing);
    if (i >= 0) samples[static_cast<std::size_t>(i)] = cycles / batch;
  }
  return spread_of(samples);
}

template <class Operation>
Spread repeated(double nothing, Operation operation) {
  return sampled(
      nothing, cost_batch, [] {},
      [&] {
        for (int i = 0; i < cost_batch; ++i) operation();
      });
}

[[gnu::noinline]] void called() {
  int local = 1;
  asm volatile("addl $1, %0" : "+m"(local));
}

// One ring through all the links, in random order (Sattolo's shuffle): no prefetcher guesses the next.
void make_ring(std::span<Link> links) {
  std::vector<std::uint32_t> order(links.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  std::minstd_rand random;  // the same ring every time
  for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random() % i]);
  for (std::size_t i = 0; i < order.size(); ++i) links[i].next = &links[order[i]];
}

Spread followed(double nothing, std::size_t bytes) {
  const std::size_t count = bytes / sizeof(Link);
  const auto links = std::make_unique<Link[]>(count);
  make_ring({links.get(), count});
  Link* at = links.get();
  return repeated(nothing, [&] { asm volatile("movq (%0), %0" : "+r"(at) : : "memory"); });
}

double cycles_per_ns() {
  const auto clock = [] {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_RAW, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  };
  constexpr double wait = 20e6;  // long against the microsecond that reading both clocks may take
  const double begin = clock();
  const std::uint64_t cycles = now();
  double end = begin;
  while (end - begin < wait) end = clock();
  return static_cast<double>(now() - cycles) / (end - begin);
}

void malloc_and_free() {
  auto* block = static_cast<char*>(std::malloc(24));
  asm volatile("movb $1, (%0)" : : "r"(block) : "memory");
  std::free(block);
}

Measured measure(std::size_t far_bytes) {
  // On one core: the counters of two need not agree, and another core's caches are cold.
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(static_cast<unsigned>(std::max(0, sched_getcpu())), &here);
  sched_setaffinity(0, sizeof here, &here);

  Measured measured;
  measured.cycles_per_ns = cycles_per_ns();
  const double nothing = sampled(
                             0, 1, [] {}, [] {})
                             .best;
  int local = 1;
  const auto block = std::make_unique<Link>();
  const auto read = [&] {
    std::uint64_t value;
    asm volatile("movq (%1), %0" : "=r"(value) : "r"(block.get()) : "memory");
  };
  const auto flush = [&] {
    _mm_clflush(block.get());
    _mm_mfence();
  };
  measured.spreads = {
      repeated(nothing, [&] { asm volatile("addl $1, %0"
                                           : "+m"(local)); }),
      repeated(nothing, called),
      repeated(nothing, malloc_and_free),
      repeated(nothing, read),
      sampled(nothing, 1, flush, read),
      followed(nothing, 128 * sizeof(Link)),
      followed(nothing, far_bytes),
  };
  return measured;
}

// The value of the first line of /proc/cpuinfo that begins with `key`.
std::string cpuinfo(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind(key, 0) == 0 && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return {};
}

// As the kernel says it ("32768K"): the processor's own answer is wrong in virtual machines.
std::size_t last_cache() {
  std::size_t kibibytes = 0;
  for (const char* level : {"index2", "index3"}) {
    std::ifstream file(std::string("/sys/devices/system/cpu/cpu0/cache/") + level + "/size");
    if (std::size_t size = 0; file >> size) kibibytes = size;
  }
  return kibibytes << 10;
}

}  // namespace

CostReport measure_costs() {
  CostReport report;
  report.processor = cpuinfo("model name");
  report.steady_counter = cpuinfo("flags").find("constant_tsc") != std::string::npos;
  report.last_cache = last_cache();
  // Far more than the caches hold, within what any machine can spare for a second.
  constexpr std::size_t mebibyte = 1 << 20;
  report.far_bytes = std::clamp(4 * report.last_cache, 64 * mebibyte, 256 * mebibyte);
  // A thread of its own: it is kept on one core.
  const Measured measured = std::async(std::launch::async, [&] { return measure(report.far_bytes); }).get();
  report.cycles_per_ns = measured.cycles_per_ns;
  for (std::size_t i = 0; i < named.size(); ++i)
    report.costs.push_back({named[i].name, named[i].what, measured.spreads[i]});
  return report;
}

}  // namespace situ
