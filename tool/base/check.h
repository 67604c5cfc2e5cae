// CHECK states a promise of our own code. It stays on in release: a broken promise ends the program with the
// place.
#pragma once

namespace situ {
[[noreturn]] void check_failed(const char* promise, const char* file, int line);
}

#define CHECK(promise) ((promise) ? static_cast<void>(0) : ::situ::check_failed(#promise, __FILE__, __LINE__))
