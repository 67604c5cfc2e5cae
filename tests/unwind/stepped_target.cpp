#include "unwind/stepped_target.h"

#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace situ {
namespace {

constexpr std::size_t stack_window = 32 << 10;

pid_t launch(const std::string& path) {
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid == 0) {
    ::personality(ADDR_NO_RANDOMIZE);
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    std::string program = path;
    char* arguments[] = {program.data(), nullptr};
    char* environment[] = {nullptr};
    ::execve(path.c_str(), arguments, environment);
    ::_exit(127);
  }
  return pid;
}

// Waits; the signal the target stopped for, or 0 when it is gone.
int wait_signal(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) return 0;
  return WSTOPSIG(status);
}

}  // namespace

void StoppedMemory::refresh(Address sp) {
  stack_low_ = sp - 256;
  stack_.resize(stack_window);
  stack_.resize(read_process(stack_low_, stack_));
}

std::size_t StoppedMemory::read_process(Address from, std::span<std::byte> into) const {
  // Page by page at the end: a request that runs out of the mapping fails as a whole.
  iovec local{into.data(), into.size()};
  std::vector<iovec> remote;
  for (std::uint64_t done = 0; done < into.size();) {
    const std::uint64_t at = from.value + done;
    const std::uint64_t count = std::min<std::uint64_t>(4096 - at % 4096, into.size() - done);
    remote.push_back({reinterpret_cast<void*>(at), count});
    done += count;
  }
  const ssize_t count = ::process_vm_readv(pid_, &local, 1, remote.data(), remote.size(), 0);
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::size_t StoppedMemory::read(Address from, std::span<std::byte> into) const {
  const AddressRange kept{stack_low_, stack_low_ + stack_.size()};
  if (kept.contains(from) && from + into.size() <= kept.high) {
    std::copy_n(stack_.begin() + (from - stack_low_), into.size(), into.begin());
    return into.size();
  }
  return read_process(from, into);
}

SteppedTarget::SteppedTarget(const std::string& path) : pid_(launch(path)), memory_(pid_) {
  if (wait_signal(pid_) != SIGTRAP) throw std::runtime_error("cannot start " + path);
  ::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, PTRACE_O_EXITKILL);
  ::ptrace(PTRACE_CONT, pid_, nullptr, nullptr);
  if (wait_signal(pid_) != SIGTRAP) throw std::runtime_error("no int3 in " + path);
  fetch();
}

SteppedTarget::~SteppedTarget() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool SteppedTarget::step() {
  if (memory_.read_value<std::uint8_t>(registers_.pc()) == 0xcc) return false;
  entered_handler_ = false;
  ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, nullptr);
  for (int signal = wait_signal(pid_); signal != SIGTRAP; signal = wait_signal(pid_)) {
    if (signal == 0) return false;
    entered_handler_ = true;
    ::ptrace(PTRACE_SINGLESTEP, pid_, nullptr, signal);
  }
  fetch();
  return true;
}

void SteppedTarget::fetch() {
  user_regs_struct r{};
  ::ptrace(PTRACE_GETREGS, pid_, nullptr, &r);
  const std::uint64_t in_order[register_count] = {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi,
                                                  r.rbp, r.rsp, r.r8,  r.r9,  r.r10, r.r11,
                                                  r.r12, r.r13, r.r14, r.r15, r.rip};
  for (std::size_t i = 0; i < register_count; ++i) registers_.set(static_cast<Reg>(i), in_order[i]);
  memory_.refresh(registers_.sp());
}

std::vector<Mapping> SteppedTarget::maps() const {
  std::ostringstream text;
  text << std::ifstream("/proc/" + std::to_string(pid_) + "/maps").rdbuf();
  return parse_maps(text.str());
}

}  // namespace situ
