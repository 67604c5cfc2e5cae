// Runs a command for a test and keeps what it said. No shell in between.
#pragma once

#include <string>
#include <vector>

namespace situ::test {

struct Ran {
  int status = -1;  // exit status, or 128 + signal
  std::string out, err;
};

// `environment`: replaces the test's own when not empty.
Ran run_program(const std::vector<std::string>& words, const std::vector<std::string>& environment = {});

std::string read_file(const std::string& path);

}  // namespace situ::test
