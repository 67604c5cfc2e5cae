// What the probe's file must and must not have.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "probe/wire.h"

namespace {

std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[512];
  while (pipe != nullptr && fgets(buffer, sizeof buffer, pipe) != nullptr) {
    lines.emplace_back(buffer);
    while (!lines.back().empty() && lines.back().back() == '\n') lines.back().pop_back();
  }
  if (pipe != nullptr) pclose(pipe);
  return lines;
}

std::vector<std::string> lines_with(const std::string& word, const std::vector<std::string>& lines) {
  std::vector<std::string> found;
  for (const auto& line : lines)
    if (line.find(word) != std::string::npos) found.push_back(line);
  return found;
}

TEST(ProbeFile, HasNoThreadLocalSegment) {
  const auto segments = lines_of("readelf -lW " SITU_PROBE);
  ASSERT_FALSE(lines_with("LOAD", segments).empty());
  EXPECT_TRUE(lines_with("TLS", segments).empty());
}

TEST(ProbeFile, IsLinkedFarFromEverythingElse) {
  const auto loads = lines_with("LOAD", lines_of("readelf -lW " SITU_PROBE));
  ASSERT_FALSE(loads.empty());
  EXPECT_EQ(situ::wire::probe_base, 0x10000000000u);
  EXPECT_NE(loads[0].find(" 0x0000010000000000 "), std::string::npos) << loads[0];
}

TEST(ProbeFile, NeedsNothingButLibc) {
  const auto needed = lines_with("NEEDED", lines_of("readelf -dW " SITU_PROBE));
  ASSERT_EQ(needed.size(), 1u);
  EXPECT_NE(needed[0].find("[libc.so.6]"), std::string::npos) << needed[0];
}

TEST(ProbeFile, RunsNoInitialisers) {
  const auto dynamic = lines_of("readelf -dW " SITU_PROBE);
  EXPECT_TRUE(lines_with("INIT", dynamic).empty());
  EXPECT_TRUE(lines_with("FINI", dynamic).empty());
}

TEST(ProbeFile, ExportsExactlyTheInterposedFunctions) {
  std::vector<std::string> expected = {"_ZdaPv",
                                       "_ZdaPvRKSt9nothrow_t",
                                       "_ZdaPvSt11align_val_t",
                                       "_ZdaPvSt11align_val_tRKSt9nothrow_t",
                                       "_ZdaPvm",
                                       "_ZdaPvmSt11align_val_t",
                                       "_ZdlPv",
                                       "_ZdlPvRKSt9nothrow_t",
                                       "_ZdlPvSt11align_val_t",
                                       "_ZdlPvSt11align_val_tRKSt9nothrow_t",
                                       "_ZdlPvm",
                                       "_ZdlPvmSt11align_val_t",
                                       "_Znam",
                                       "_ZnamRKSt9nothrow_t",
                                       "_ZnamSt11align_val_t",
                                       "_ZnamSt11align_val_tRKSt9nothrow_t",
                                       "_Znwm",
                                       "_ZnwmRKSt9nothrow_t",
                                       "_ZnwmSt11align_val_t",
                                       "_ZnwmSt11align_val_tRKSt9nothrow_t",
                                       "aligned_alloc",
                                       "calloc",
                                       "free",
                                       "free_aligned_sized",
                                       "free_sized",
                                       "malloc",
                                       "malloc_usable_size",
                                       "memalign",
                                       "posix_memalign",
                                       "pvalloc",
                                       "realloc",
                                       "reallocarray",
                                       "valloc"};
  auto exported = lines_of("nm -D --defined-only --format=just-symbols " SITU_PROBE);
  std::sort(exported.begin(), exported.end());
  EXPECT_EQ(exported, expected);
}

TEST(ProbeFile, HasOneInt3InAFunctionOfItsOwn) {
  const auto code = lines_of("objdump -d --no-show-raw-insn " SITU_PROBE);
  ASSERT_FALSE(code.empty());
  EXPECT_EQ(lines_with("int3", code).size(), 1u);
  const auto at = std::find_if(code.begin(), code.end(), [](const std::string& line) {
    return line.find("int3") != std::string::npos;
  });
  ASSERT_NE(at, code.end());
  EXPECT_NE(std::prev(at)->find("<situ_probe_trap>:"), std::string::npos) << *std::prev(at);
}

}  // namespace
