// Preloaded beside the probe in its tests: maps the ring and the flags page before any initialiser runs, as
// the tracer does from outside. SITU_TEST_RING is "FD TRAP": the ring's descriptor, and 0 or 1.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "probe/wire.h"

using namespace situ::wire;

[[gnu::constructor]] static void map_ring(int, char**, char** environment) {
  constexpr char name[] = "SITU_TEST_RING=";
  for (; *environment != nullptr; ++environment) {
    if (std::strncmp(*environment, name, sizeof name - 1) != 0) continue;
    const char* text = *environment + sizeof name - 1;
    int fd = 0;
    for (; *text >= '0' && *text <= '9'; ++text) fd = fd * 10 + (*text - '0');
    mmap(reinterpret_cast<void*>(ring_address), ring_size, PROT_READ | PROT_WRITE,
         MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
    void* at = mmap(reinterpret_cast<void*>(flags_address), page, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    madvise(at, page, MADV_WIPEONFORK);
    *static_cast<Flags*>(at) = {flags_magic, 1, std::strcmp(text, " 1") == 0 ? 1U : 0U};
    close(fd);
  }
}
