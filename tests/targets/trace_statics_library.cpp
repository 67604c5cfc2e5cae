// The shared library of trace_statics.cpp.
namespace library {
int calls = 100;
thread_local int own = 200;
}  // namespace library

int bump() {
  library::calls++;
  library::own++;
  return library::calls + library::own;
}
