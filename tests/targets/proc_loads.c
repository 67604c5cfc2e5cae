/* Loads the library argv[1] names, calls it, unloads it. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char** argv) {
  void* library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
  if (!library) return 1;
  int (*value)(int) = (int (*)(int))dlsym(library, "plugin_value");
  printf("%d\n", value(14));
  return dlclose(library);
}
