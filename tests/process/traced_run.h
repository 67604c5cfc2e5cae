// Runs a target program under the tracer and alone, with the same arguments, environment and address layout,
// and keeps what it printed and how it ended.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "process/tracee.h"

namespace situ {

struct Outcome {
  std::string output;
  int status = 0;
};

// What a traced run was told.
struct TracedRun : Outcome {
  std::map<std::string, int> hits;  // by planted name
  std::vector<Stop> stops;          // all but the hits
  TraceCounts counts;
  std::vector<std::string> warnings;
  bool probe_loaded = false;
};

struct TraceRequest {
  std::string program = {};  // a target's name
  std::vector<std::string> arguments = {};
  std::vector<std::string> functions = {};       // an int3 at the first instruction of each
  bool every_instruction = false;                // of every function of the executable's own
  std::vector<std::string> libc_functions = {};  // an int3 at every instruction of these
  std::string probe = {};
  Aslr aslr = Aslr::off;
  bool hide_own_traps = false;  // as a caller does with the probe's
  std::vector<std::string> environment = {"HOME=/nowhere", "LANG=C", "NAME=value"};
  std::function<void(Tracee&, const Stop&)> at_stop = {};
};

std::string target_path(const std::string& name);
Outcome run_alone(const TraceRequest& request);
TracedRun run_traced(const TraceRequest& request);

// Functions of an ELF file's symbol table: name to value and size.
struct FunctionSymbol {
  std::uint64_t value = 0, size = 0;
};
std::map<std::string, FunctionSymbol> function_symbols(const std::string& path);
// What a process address of the file's symbols is offset by.
std::uint64_t load_bias(const Tracee& tracee, const std::string& path);

}  // namespace situ
