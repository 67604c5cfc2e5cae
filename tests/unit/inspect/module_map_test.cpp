// Over the test program's own memory: it has an executable, shared objects and a vdso.
#include "inspect/module_map.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace situ {
namespace {

class OwnMemory : public MemoryReader {
 public:
  std::size_t read(Address from, std::span<std::byte> into) const override {
    const iovec local{into.data(), into.size()};
    const iovec remote{reinterpret_cast<void*>(from.value), into.size()};
    const ssize_t count = ::process_vm_readv(::getpid(), &local, 1, &remote, 1, 0);
    return count < 0 ? 0 : static_cast<std::size_t>(count);
  }
};

std::vector<Mapping> own_maps() {
  std::ostringstream text;
  text << std::ifstream("/proc/self/maps").rdbuf();
  return parse_maps(text.str());
}

Address address_of(const void* object) {
  return {reinterpret_cast<std::uint64_t>(object)};
}

extern "C" __attribute__((noinline, used)) int situ_test_landmark(int a) {
  return a + 1;
}
const Address landmark = address_of(reinterpret_cast<const void*>(&situ_test_landmark));
const Address in_libc = address_of(::dlsym(RTLD_NEXT, "getpid"));
thread_local int in_thread = 1;

class OwnModules : public testing::Test {
 protected:
  std::vector<LoadedModule*> update(const std::string& probe = "/no/probe") {
    return map_.update(own_maps(), memory_, probe);
  }
  const Module& recorded(Address a) const { return recording_.at(map_.find(a)->id); }

  OwnMemory memory_;
  Recording recording_;
  TypeTable types_{recording_.types};
  UserCode user_;
  ModuleMap map_{recording_, types_, user_};
};

TEST_F(OwnModules, TheExecutableItsLibrariesAndTheVdsoAreFoundByAddress) {
  update();
  ASSERT_TRUE(map_.find(landmark));
  EXPECT_TRUE(recorded(landmark).path.ends_with("unit-inspect"));
  EXPECT_EQ(recorded(landmark).debug_info, map_.find(landmark)->symbols->has_debug_info());
  EXPECT_EQ(recorded(landmark).build_id, map_.find(landmark)->symbols->build_id());
  ASSERT_TRUE(map_.find(in_libc));
  EXPECT_NE(map_.find(in_libc), map_.find(landmark));
  const std::uint64_t vdso = ::getauxval(AT_SYSINFO_EHDR);
  ASSERT_TRUE(map_.find({vdso}));
  EXPECT_EQ(recorded({vdso}).path, "[vdso]");
  EXPECT_EQ(map_.find({16}), nullptr);
  int on_stack = 0;
  EXPECT_EQ(map_.find(address_of(&on_stack)), nullptr);
}

TEST_F(OwnModules, TheBiasLeadsToTheSymbolAndBack) {
  update();
  LoadedModule* module = map_.find(landmark);
  ASSERT_TRUE(module);
  const auto symbol = module->symbols->symbol_at(module->to_file(landmark));
  ASSERT_TRUE(symbol);
  EXPECT_EQ(symbol->name, "situ_test_landmark");
  EXPECT_EQ(module->to_process(symbol->range.low), landmark);
}

TEST_F(OwnModules, TheProbesFileIsSkipped) {
  const auto maps = own_maps();
  const auto libc = std::ranges::find_if(maps, [](const Mapping& m) { return m.range.contains(in_libc); });
  ASSERT_NE(libc, maps.end());
  update(libc->path);
  EXPECT_EQ(map_.find(in_libc), nullptr);
  EXPECT_NE(map_.find(landmark), nullptr);
}

TEST_F(OwnModules, AModuleIsAddedOnce) {
  const std::size_t first = update().size();
  EXPECT_GE(first, 3u);
  EXPECT_TRUE(update().empty());
  std::vector<Mapping> more = own_maps();
  more.erase(std::remove_if(more.begin(), more.end(), [](const Mapping& m) { return m.path == "[vdso]"; }),
             more.end());
  EXPECT_TRUE(map_.update(more, memory_, "/no/probe").empty());
  EXPECT_EQ(map_.all().size(), first);
}

TEST_F(OwnModules, TheExecutablesThreadLocalsLieBelowTheThreadPointer) {
  update();
  const LoadedModule* executable = map_.find(landmark);
  ASSERT_TRUE(executable && executable->tls_offset);
  const Address thread_pointer{reinterpret_cast<std::uint64_t>(__builtin_thread_pointer())};
  const Address block = thread_pointer - *executable->tls_offset;
  EXPECT_TRUE(block <= address_of(&in_thread) && address_of(&in_thread) < thread_pointer);
}

}  // namespace
}  // namespace situ
