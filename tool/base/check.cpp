#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace situ {

void check_failed(const char* promise, const char* file, int line) {
  std::fprintf(stderr, "situ: internal error: %s does not hold (%s:%d). Please report this.\n", promise, file,
               line);
  std::abort();
}

}  // namespace situ
