// Every operator new and delete once, after a block of 4242 bytes that says where to begin.
#include <cstdlib>
#include <new>

namespace {
constexpr std::align_val_t wide{64};
void* volatile keep;
}  // namespace

int main() {
  keep = std::malloc(4242);
  std::free(keep);
  void* a = ::operator new(10);
  ::operator delete(a);
  a = ::operator new(0);
  ::operator delete (a, std::size_t{0});
  a = ::operator new(11, std::nothrow);
  ::operator delete(a, std::nothrow);
  a = ::operator new(12, wide);
  ::operator delete(a, wide);
  a = ::operator new(13, wide, std::nothrow);
  ::operator delete (a, std::size_t{13}, wide);
  a = ::operator new(14, wide);
  ::operator delete(a, wide, std::nothrow);
  a = ::operator new[](20);
  ::operator delete[](a);
  a = ::operator new[](21);
  ::operator delete[](a, std::size_t{21});
  a = ::operator new[](22, std::nothrow);
  ::operator delete[](a, std::nothrow);
  a = ::operator new[](23, wide);
  ::operator delete[](a, wide);
  a = ::operator new[](24, wide, std::nothrow);
  ::operator delete[](a, std::size_t{24}, wide);
  a = ::operator new[](25, wide);
  ::operator delete[](a, wide, std::nothrow);
  ::operator delete(nullptr);
  std::free(std::malloc(10));  // not new's: no label is left over
}
