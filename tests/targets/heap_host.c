// A C program that opens a C++ library for itself alone: heap_host LIBRARY. Prints the address of a block
// before and after.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return 3;
  int (*work)(int) = (int (*)(int))dlsym(library, "plugin_work");
  if (work == NULL || work(321) != 321) return 4;
  void* block = malloc(100);
  printf("%p\n", block);
  free(block);
  return dlerror() == NULL ? 0 : 5;
}
