// Prints where things lie: the same text when it runs alone and when it is traced.
#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace {

void show(const char* what, const void* address) {
  std::printf("%s %p\n", what, address);
}

void in_thread() {
  int local = 0;
  show("thread's local", &local);
  void* block = std::malloc(40);
  show("thread's block", block);
  std::free(block);
}

}  // namespace

int main(int argc, char** argv) {
  int local = argc;
  show("local", &local);
  show("argument", argv[0]);
  show("function", reinterpret_cast<const void*>(&main));
  show("function of libc", reinterpret_cast<const void*>(&std::qsort));
  void* small = std::malloc(40);
  show("small block", small);
  void* large = std::malloc(200 * 1024);
  show("large block", large);
  void* mapping = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  show("mapping", mapping);
  std::thread(in_thread).join();
  std::free(small);
  std::free(large);
  return 7;
}
