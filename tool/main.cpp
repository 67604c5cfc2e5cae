// Runs one command; turns an Error into a message, a remedy and an exit status.
#include <clocale>
#include <cstdio>
#include <exception>

#include "base/error.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  try {
    return situ::run_situ({argv + 1, argv + argc});
  } catch (const situ::Error& error) {
    std::fprintf(stderr, "situ: %s: %s\n", error.tried.c_str(), error.why.c_str());
    if (!error.remedy.empty()) std::fprintf(stderr, "situ: %s\n", error.remedy.c_str());
    switch (error.kind) {
      case situ::ErrorKind::usage:
        return 2;
      case situ::ErrorKind::cannot_trace:
        return 3;
      case situ::ErrorKind::file:
        return 5;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "situ: internal error: %s\n", error.what());
  }
  return 3;
}
