// floor STOPS: what a stop costs at least. A child runs into int3s, the parent reads its registers and lets
// it go on; like situ, the parent moves to the core the child runs on. Prints stops per second.
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

[[noreturn]] void run_into_traps(long stops) {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  for (long i = 0; i < stops; ++i) {
    asm volatile("int3");
  }
  _exit(0);
}

// Field 39 of /proc/PID/stat, the core last run on.
int core_of(pid_t pid) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
  std::FILE* file = std::fopen(path, "r");
  if (file == nullptr) {
    return 0;
  }
  int core = 0;
  if (std::fscanf(file, "%*d (%*[^)]) %*c") == EOF) {
    core = 0;
  }
  for (int field = 4; field < 39; ++field) {
    if (std::fscanf(file, "%*s") == EOF) {
      break;
    }
  }
  if (std::fscanf(file, "%d", &core) != 1) {
    core = 0;
  }
  std::fclose(file);
  return core;
}

}  // namespace

int main(int argc, char** argv) {
  long stops = argc > 1 ? std::atol(argv[1]) : 50'000;
  pid_t child = fork();
  if (child < 0) {
    return 1;
  }
  if (child == 0) {
    run_into_traps(stops);
  }
  int status = 0;
  long seen = 0;
  auto start = std::chrono::steady_clock::now();
  while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    if (seen++ == 0) {
      cpu_set_t cores;
      CPU_ZERO(&cores);
      CPU_SET(static_cast<std::size_t>(core_of(child)), &cores);
      sched_setaffinity(0, sizeof cores, &cores);
      start = std::chrono::steady_clock::now();
    }
    user_regs_struct registers{};
    ptrace(PTRACE_GETREGS, child, nullptr, &registers);
    ptrace(PTRACE_CONT, child, nullptr, nullptr);
  }
  std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("%.0f\n", static_cast<double>(seen) / taken.count());
  return seen == stops ? 0 : 1;
}
