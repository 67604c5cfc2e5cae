// commands ROUNDS -- COMMAND... -- COMMAND...: runs the commands in turn, output thrown away, and prints for
// each the median and the extremes of wall time and of CPU time (its own and its children's, user and
// system), milliseconds.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

struct Command {
  std::vector<char*> argv;  // ends with a null
  std::vector<double> wall, user, system;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

bool run(Command& command) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; ++fd) dup2(null, fd);
    execvp(command.argv[0], command.argv.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  if (child < 0 || wait4(child, &status, 0, &used) != child) return false;
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  command.wall.push_back(taken.count());
  command.user.push_back(milliseconds(used.ru_utime));
  command.system.push_back(milliseconds(used.ru_stime));
  return WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

void print(const char* name, std::vector<double>& times) {
  std::ranges::sort(times);
  std::printf("  %s %6.1f [%.1f..%.1f]", name, times[times.size() / 2], times.front(), times.back());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<Command> commands;
  for (int i = 2; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--")
      commands.emplace_back();
    else if (!commands.empty())
      commands.back().argv.push_back(argv[i]);
  }
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
  if (rounds < 1 || commands.empty()) {
    std::fprintf(stderr, "usage: commands ROUNDS -- COMMAND... -- COMMAND...\n");
    return 2;
  }
  for (Command& command : commands) command.argv.push_back(nullptr);
  for (int round = 0; round < rounds; ++round)
    for (Command& command : commands)
      if (!run(command)) {
        std::fprintf(stderr, "could not run %s\n", command.argv[0]);
        return 1;
      }
  for (Command& command : commands) {
    print("wall", command.wall);
    print("user", command.user);
    print("system", command.system);
    std::printf("  ms  %s\n", command.argv[0]);
  }
  return 0;
}
