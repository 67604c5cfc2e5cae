// An exception leaves operator new, and the same number of bytes is asked of malloc afterwards.
#include <cstdlib>
#include <new>

int main() {
  volatile std::size_t huge = static_cast<std::size_t>(-1) / 4;
  std::free(std::malloc(4242));
  int caught = 0;
  try {
    ::operator delete(::operator new(huge));
  } catch (const std::bad_alloc&) {
    ++caught;
  }
  try {
    ::operator delete(::operator new[](24, std::align_val_t{24}));  // no power of two: thrown before malloc
  } catch (const std::bad_alloc&) {
    ++caught;
  }
  std::free(std::malloc(24));
  return caught == 2 ? 0 : 1;
}
