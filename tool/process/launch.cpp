// From nothing to the exec stop: fork, seize, execve.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/personality.h>
#include <unistd.h>

#include <cstring>

#include "base/error.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"
#include "process/user_interrupt.h"

namespace situ {
namespace {

// What the child tells before execve, or when it could not do it.
struct ChildReport {
  enum class What { personality, directory, standard_input, execve } what;
  int error;
};

struct Pipe {
  UniqueFd read_end, write_end;

  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno(ErrorKind::cannot_trace, "cannot make a pipe");
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
  }
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (const std::string& text : strings) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

// Everything the child needs, made before the fork: after it only system calls are made.
struct ChildPlan {
  const char* path;
  std::vector<char*> arguments, environment;
  const char* stdin_file;
  const char* directory;
  bool aslr_off, silent;
  int go_ahead, report;
};

[[noreturn]] void fail(const ChildPlan& plan, ChildReport::What what) {
  const ChildReport report{what, errno};
  static_cast<void>(!::write(plan.report, &report, sizeof report));
  ::_exit(127);
}

[[noreturn]] void run_child(const ChildPlan& plan) {
  char byte;
  while (::read(plan.go_ahead, &byte, 1) == -1 && errno == EINTR) {
  }
  if (plan.aslr_off) {
    const int before = ::personality(0xffffffff);
    if (before == -1 || ::personality(static_cast<unsigned long>(before) | ADDR_NO_RANDOMIZE) == -1) {
      const ChildReport report{ChildReport::What::personality, errno};
      static_cast<void>(!::write(plan.report, &report, sizeof report));
    }
  }
  if (plan.directory && ::chdir(plan.directory) != 0) fail(plan, ChildReport::What::directory);
  if (plan.stdin_file) {
    const int fd = ::open(plan.stdin_file, O_RDONLY);
    if (fd < 0 || (fd != 0 && (::dup2(fd, 0) < 0 || ::close(fd) != 0)))
      fail(plan, ChildReport::What::standard_input);
  }
  if (plan.silent) {
    const int fd = ::open("/dev/null", O_RDWR);
    for (int standard = 0; standard <= 2; ++standard)
      if (fd < 0 || ::dup2(fd, standard) < 0) fail(plan, ChildReport::What::standard_input);
    if (fd > 2) ::close(fd);
  }
  ::execve(plan.path, plan.arguments.data(), plan.environment.data());
  fail(plan, ChildReport::What::execve);
}

std::string tried(const LaunchOptions& options) {
  return fmt::format("cannot trace {}", options.executable.path);
}

[[noreturn]] void refuse_report(const LaunchOptions& options, const ChildReport& report) {
  const std::string why = std::strerror(report.error);
  switch (report.what) {
    case ChildReport::What::directory:
      throw Error(ErrorKind::cannot_trace, tried(options),
                  fmt::format("cannot change to {}: {}", options.working_directory.value_or(""), why),
                  "check --cwd");
    case ChildReport::What::standard_input:
      throw Error(ErrorKind::cannot_trace, tried(options),
                  fmt::format("cannot open {} as its input: {}", options.stdin_file.value_or(""), why),
                  "check --stdin");
    default:
      throw Error(
          ErrorKind::cannot_trace, tried(options), fmt::format("execve failed: {}", why),
          report.error == ENOENT ? "its program interpreter may be missing: readelf -l shows it" : "");
  }
}

// Why ptrace was refused, as far as the system tells.
[[noreturn]] void refuse_ptrace(const LaunchOptions& options, pid_t child, int error) {
  std::string why = fmt::format("ptrace was refused: {}", std::strerror(error));
  std::string remedy =
      "in a container: allow ptrace (docker run --cap-add=SYS_PTRACE, or a newer seccomp profile)";
  const std::string tracer = status_field(child, child, "TracerPid:");
  const std::string yama = read_proc_file("/proc/sys/kernel/yama/ptrace_scope");
  if (!tracer.empty() && tracer != "0") {
    why = fmt::format("process {} traces it already (a debugger or strace that follows children)", tracer);
    remedy = "run situ outside of it; a program has one tracer";
  } else if (!yama.empty() && yama[0] >= '2') {
    why = fmt::format("the kernel forbids ptrace (Yama, ptrace_scope {})", yama[0]);
    remedy = yama[0] == '2' ? "run as root, or: sysctl kernel.yama.ptrace_scope=1"
                            : "boot with kernel.yama.ptrace_scope=1; 3 cannot be lowered at run time";
  }
  ::kill(child, SIGKILL);
  wait_for(child);
  throw Error(ErrorKind::cannot_trace, tried(options), why, remedy);
}

}  // namespace

void Tracee::Impl::spawn(const LaunchOptions& options, Standard standard) {
  Pipe go_ahead, report;
  ChildPlan plan{options.executable.path.c_str(),
                 pointers(options.arguments),
                 pointers(options.environment),
                 options.stdin_file ? options.stdin_file->c_str() : nullptr,
                 options.working_directory ? options.working_directory->c_str() : nullptr,
                 options.aslr == Aslr::off,
                 standard == Standard::nothing,
                 go_ahead.read_end.get(),
                 report.write_end.get()};
  pid = ::fork();
  if (pid < 0) throw_errno(ErrorKind::cannot_trace, "cannot start a process");
  if (pid == 0) run_child(plan);
  report.write_end.reset();
  if (!ptrace_call(PTRACE_SEIZE, pid, 0, trace_options)) {
    const int error = errno;
    refuse_ptrace(options, std::exchange(pid, 0), error);
  }
  const char byte = 0;
  static_cast<void>(!::write(go_ahead.write_end.get(), &byte, 1));

  auto status = wait_for(pid);
  while (status && WIFSTOPPED(*status) && stop_event(*status) != PTRACE_EVENT_EXEC) {
    const bool signal_stop = stop_event(*status) == 0;
    ptrace_call(PTRACE_CONT, pid, 0, signal_stop ? static_cast<std::uintptr_t>(WSTOPSIG(*status)) : 0);
    status = wait_for(pid);
  }
  const bool running = status && WIFSTOPPED(*status);
  if (!running) pid = 0;
  aslr_is_off = options.aslr == Aslr::off;
  ChildReport said;
  while (retry_eintr([&] { return ::read(report.read_end.get(), &said, sizeof said); }) == sizeof said) {
    if (said.what != ChildReport::What::personality) refuse_report(options, said);
    aslr_is_off = false;
    warnings.push_back(fmt::format("addresses differ from run to run: personality() was refused ({})",
                                   std::strerror(said.error)));
  }
  if (!running) throw Error(ErrorKind::cannot_trace, tried(options), "it ended before it could be traced");
}

// Up to the first instruction, with everything in place.
void Tracee::Impl::start(const LaunchOptions& options, Standard standard) {
  executable_path_ = options.executable.path;
  spawn(options, standard);
  TracedThread& main = threads_[pid];
  main.tid = main.process = pid;
  main.at = TracedThread::At::event;
  if (options.executable.set_id)
    warnings.push_back(fmt::format("{} is setuid or setgid: traced, it runs without that privilege",
                                   options.executable.path));
  core_.follow(pid);
  settle_after_exec();
  prepare_image(options);
  watch_loader(options);
}

void Tracee::Impl::launch(const LaunchOptions& options) {
  plan_loader_memory(options);
  start(options, Standard::streams);
  align_loader_memory();
  run_to_entry(options);
  check_probe(options.probe);
  count_user_interrupts(pid);
}

}  // namespace situ
