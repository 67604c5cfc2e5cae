// A C++ library that only heap_host opens: its operator new is in no scope the probe is in.
#include <new>

extern "C" int plugin_work(int bytes) {
  char* volatile block = new char[static_cast<std::size_t>(bytes)];
  delete[] block;
  return bytes;
}
