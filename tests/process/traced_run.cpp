#include "process/traced_run.h"

#include <Zydis/Zydis.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "base/error.h"
#include "base/unique_fd.h"

namespace situ {
namespace {

// Standard output goes to a file in memory while this lives; a child started meanwhile keeps it.
class CapturedOutput {
 public:
  CapturedOutput() : file_(::memfd_create("output", MFD_CLOEXEC)), before_(::dup(1)) {
    ::dup2(file_.get(), 1);
  }
  ~CapturedOutput() { give_back(); }
  void give_back() {
    if (before_) ::dup2(before_.get(), 1);
    before_.reset();
  }
  std::string text() const {
    std::string all(static_cast<std::size_t>(::lseek(file_.get(), 0, SEEK_END)), '\0');
    all.resize(static_cast<std::size_t>(::pread(file_.get(), all.data(), all.size(), 0)));
    return all;
  }

 private:
  UniqueFd file_, before_;
};

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> argument_list(const TraceRequest& request) {
  std::vector<std::string> arguments = {target_path(request.program)};
  arguments.insert(arguments.end(), request.arguments.begin(), request.arguments.end());
  return arguments;
}

std::vector<Address> instructions_of(const Tracee& tracee, Address at, std::uint64_t size) {
  std::vector<std::byte> code(size);
  code.resize(tracee.read(at, code));
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  std::vector<Address> addresses;
  for (std::size_t offset = 0; offset < code.size();) {
    ZydisDecodedInstruction instruction;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data() + offset,
                                                    code.size() - offset, &instruction)))
      break;
    addresses.push_back(at + offset);
    offset += instruction.length;
  }
  return addresses;
}

std::map<Address, std::string> chosen_addresses(const Tracee& tracee, const TraceRequest& request) {
  std::map<Address, std::string> chosen;
  if (request.functions.empty() && request.libc_functions.empty() && !request.every_instruction)
    return chosen;
  const std::string path = target_path(request.program);
  const std::uint64_t bias = load_bias(tracee, path);
  const auto symbols = function_symbols(path);
  for (const std::string& name : request.functions) chosen[{bias + symbols.at(name).value}] = name;
  if (request.every_instruction)
    for (const auto& [name, symbol] : symbols)
      if (name.rfind("_", 0) != 0)
        for (Address at : instructions_of(tracee, {bias + symbol.value}, symbol.size)) chosen[at] = name;
  if (request.libc_functions.empty()) return chosen;
  for (const Mapping& mapping : tracee.maps()) {
    if (mapping.path.find("/libc.so.6") == std::string::npos || mapping.offset != 0) continue;
    const auto exported = function_symbols(mapping.path);
    for (const std::string& name : request.libc_functions) {
      const FunctionSymbol symbol = exported.at(name);
      for (Address at : instructions_of(tracee, mapping.range.low + symbol.value, symbol.size))
        chosen[at] = name;
    }
  }
  return chosen;
}

}  // namespace

std::string target_path(const std::string& name) {
  return std::string(TARGETS) + "/" + name;
}

Outcome run_alone(const TraceRequest& request) {
  auto arguments = argument_list(request);
  auto environment = request.environment;
  const auto argv = pointers(arguments), envp = pointers(environment);
  Outcome run;
  CapturedOutput output;
  const pid_t child = ::fork();
  if (child == 0) {
    ::personality(ADDR_NO_RANDOMIZE);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  output.give_back();
  ::waitpid(child, &run.status, 0);
  run.output = output.text();
  return run;
}

TracedRun run_traced(const TraceRequest& request) {
  LaunchOptions options;
  options.executable = find_executable(target_path(request.program));
  options.arguments = argument_list(request);
  options.environment = request.environment;
  options.probe = request.probe;
  options.aslr = request.aslr;
  TracedRun run;
  CapturedOutput output;
  const auto tracee = Tracee::launch(options);
  output.give_back();
  const auto chosen = chosen_addresses(*tracee, request);
  std::vector<Address> addresses;
  for (const auto& [address, name] : chosen) addresses.push_back(address);
  if (!tracee->plant(addresses).empty()) throw std::runtime_error("an address was not mapped");
  tracee->resume(tracee->pid());
  for (;;) {
    const Stop stop = tracee->wait();
    int signal = 0;
    if (const auto* hit = std::get_if<BreakpointHit>(&stop.what))
      ++run.hits[chosen.at(hit->address)];
    else
      run.stops.push_back(stop);
    if (request.at_stop) request.at_stop(*tracee, stop);
    if (const auto* gone = std::get_if<ProcessGone>(&stop.what)) {
      run.status = gone->wait_status;
      break;
    }
    if (std::holds_alternative<ExecDone>(stop.what)) {
      tracee->detach();
      run.status = tracee->wait_for_end();
      break;
    }
    if (const auto* about = std::get_if<SignalStop>(&stop.what)) signal = about->number;
    if (std::holds_alternative<OwnTrap>(stop.what) && !request.hide_own_traps) signal = SIGTRAP;
    if (std::holds_alternative<UserInterrupt>(stop.what)) continue;
    tracee->resume(stop.tid, signal);
  }
  run.counts = tracee->counts();
  run.warnings = tracee->warnings();
  run.probe_loaded = tracee->probe_loaded();
  run.output = output.text();
  return run;
}

std::map<std::string, FunctionSymbol> function_symbols(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::map<std::string, FunctionSymbol> symbols;
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  const auto section = [&](std::size_t index) {
    Elf64_Shdr out;
    std::memcpy(&out, bytes.data() + header.e_shoff + index * sizeof out, sizeof out);
    return out;
  };
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const Elf64_Shdr table = section(i);
    if (table.sh_type != SHT_SYMTAB && table.sh_type != SHT_DYNSYM) continue;
    const Elf64_Shdr strings = section(table.sh_link);
    for (std::uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Sym)) {
      Elf64_Sym symbol;
      std::memcpy(&symbol, bytes.data() + table.sh_offset + at, sizeof symbol);
      if (ELF64_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_size != 0)
        symbols[bytes.data() + strings.sh_offset + symbol.st_name] = {symbol.st_value, symbol.st_size};
    }
  }
  return symbols;
}

std::uint64_t load_bias(const Tracee& tracee, const std::string& path) {
  if (!find_executable(path).position_independent) return 0;
  for (const Mapping& mapping : tracee.maps())
    if (mapping.path == path) return mapping.range.low.value;
  throw std::runtime_error("not mapped: " + path);
}

}  // namespace situ
