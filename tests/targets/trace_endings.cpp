// Allocates 777 bytes and ends in the way argv[1] names.
#include <unistd.h>
#include <csignal>
#include <cstdlib>
#include <cstring>

char* kept;

int main(int argc, char** argv) {
  const char* how = argc > 1 ? argv[1] : "return";
  kept = static_cast<char*>(std::malloc(777));
  if (!std::strcmp(how, "_exit")) _exit(3);
  if (!std::strcmp(how, "abort")) std::abort();
  if (!std::strcmp(how, "kill")) kill(getpid(), SIGKILL);
  if (!std::strcmp(how, "segv")) *static_cast<volatile int*>(nullptr) = 1;
  return 0;
}
