// From the exec stop to AT_ENTRY. In between: the tracer's page and the caller's mappings, and the probe.
//
// LD_PRELOAD never enters the environment. One pointer of envp is pointed at a string in the tracer's page
// while ld.so reads the environment, and back at what it pointed at when ld.so reports its maps consistent:
// no constructor, and nothing after it, sees a difference, and no byte of the stack has moved.
#include <asm/unistd_64.h>
#include <elf.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "process/loaded_image.h"
#include "process/ptrace_call.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::string_view preload_name = "LD_PRELOAD=";
constexpr std::uint64_t page = 4096;
constexpr std::array syscall_instruction = {std::byte{0x0f}, std::byte{0x05}};
// struct r_debug: r_version, r_map, r_brk, r_state (glibc elf/link.h).
constexpr std::uint64_t r_state_offset = 24;
constexpr std::int32_t rt_consistent = 0;

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; });
}

// The user's own LD_PRELOAD, else a variable that neither the loader nor libc reads before it is put back.
std::optional<std::size_t> variable_to_redirect(const InitialStack& stack) {
  const auto& all = stack.environment;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (starts_with_any(all[i].text, {preload_name})) return i;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!starts_with_any(all[i].text, {"LD_", "GLIBC_", "MALLOC_"})) return i;
  return std::nullopt;
}

std::string preload_text(const InitialStack& stack, const std::string& probe) {
  std::string text = std::string(preload_name) + probe;
  for (const auto& variable : stack.environment)
    if (starts_with_any(variable.text, {preload_name}) && variable.text.size() > preload_name.size())
      return text + ":" + variable.text.substr(preload_name.size());
  return text;
}

}  // namespace

// The exec stop lies inside execve, which will still write rax. The next stop is the first instruction's.
void Tracee::Impl::settle_after_exec() {
  TracedThread& main = threads_.at(pid);
  open_memory();
  ptrace_call(PTRACE_INTERRUPT, pid, 0, std::uintptr_t{0});
  if (!continue_until(main, PTRACE_CONT, is_event_stop))
    throw Error(ErrorKind::cannot_trace, fmt::format("cannot trace {}", executable_path_),
                "it was killed right after execve");
  main.at = TracedThread::At::interrupted;
  main.registers_known = false;
  initial_ = read_initial_stack(*this, {registers(main).rsp});
  read_initial_signal_state(main);
}

// The first system call needs a syscall instruction: the two bytes at pc lend themselves for it.
void Tracee::Impl::prepare_image(const LaunchOptions& options) {
  TracedThread& main = threads_.at(pid);
  const Address here{registers(main).rip};
  const std::string text = options.probe.empty() ? std::string() : preload_text(initial_, options.probe);
  const std::uint64_t size = (scratch_text.value - scratch_page.value + text.size() + page) & ~(page - 1);
  std::array<std::byte, 2> lent;
  if (read_raw(here, lent) != lent.size() || write_raw(here, syscall_instruction) != lent.size())
    throw_errno(ErrorKind::cannot_trace, fmt::format("cannot write to the memory of {}", executable_path_));
  call_or_fail(main, here, __NR_mmap,
               {scratch_page.value, size, PROT_READ | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, ~std::uint64_t{0}, 0},
               "mmap");
  write_raw(here, lent);
  write_raw(scratch_page, syscall_instruction);
  for (const RemoteMapping& mapping : options.mappings) map_remote(main, mapping);

  if (text.empty() || !options.executable.has_interpreter) return;
  redirected_ = variable_to_redirect(initial_);
  if (!redirected_) {
    warnings.emplace_back("no environment variable could stand in for LD_PRELOAD: the probe is not loaded");
    return;
  }
  write_raw(scratch_text, std::as_bytes(std::span(text.c_str(), text.size() + 1)));
  write_raw(initial_.environment[*redirected_].slot, std::as_bytes(std::span(&scratch_text.value, 1)));
}

void Tracee::Impl::watch_loader(const LaunchOptions& options) {
  const auto base = auxv(AT_BASE);
  if (!options.executable.has_interpreter || !base || *base == 0) return;
  const auto debug = find_dynamic_symbol(*this, {*base}, "_r_debug");
  const auto notify = find_dynamic_symbol(*this, {*base}, "_dl_debug_state");
  if (!debug || !notify) {
    warnings.emplace_back("the loader has no _dl_debug_state: libraries loaded later are not seen");
    return;
  }
  loader_debug_ = *debug;
  plant_as(std::span(&*notify, 1), Role::loader_state);
}

void Tracee::Impl::run_to_entry(const LaunchOptions& options) {
  const std::string tried = fmt::format("cannot trace {}", executable_path_);
  const auto entry_value = auxv(AT_ENTRY);
  if (!entry_value) throw Error(ErrorKind::cannot_trace, tried, "it has no AT_ENTRY");
  const Address entry{*entry_value};
  TracedThread& main = threads_.at(pid);
  if (Address{registers(main).rip} != entry) {
    if (!plant_as(std::span(&entry, 1), Role::entry).empty())
      throw Error(ErrorKind::cannot_trace, tried, "its entry point is not mapped");
    go_on(main, 0);
    for (;;) {
      const Stop stop = wait();
      if (std::holds_alternative<BreakpointHit>(stop.what)) break;
      if (const auto* gone = std::get_if<ProcessGone>(&stop.what))
        throw Error(
            ErrorKind::cannot_trace, tried,
            WIFEXITED(gone->wait_status)
                ? fmt::format("it ended before its first instruction, with status {}",
                              WEXITSTATUS(gone->wait_status))
                : fmt::format("signal {} ended it before its first instruction", WTERMSIG(gone->wait_status)),
            "see what it or the loader said above; does it run by itself?");
      if (std::holds_alternative<ExecDone>(stop.what))
        throw Error(ErrorKind::cannot_trace, tried, "a library it loads runs another program instead");
      const auto* signal = std::get_if<SignalStop>(&stop.what);
      resume(stop.tid, signal ? signal->number : 0);
    }
  }
  if (redirected_) put_environment_back();
  if (!options.executable.has_interpreter) watch_signal_calls();
  at_entry_ = true;
}

void Tracee::Impl::put_environment_back() {
  const InitialStack::Variable& variable = initial_.environment[*std::exchange(redirected_, std::nullopt)];
  write_raw(variable.slot, std::as_bytes(std::span(&variable.pointer.value, 1)));
}

bool Tracee::Impl::loader_is_consistent() const {
  return read_value<std::int32_t>(loader_debug_ + r_state_offset) == rt_consistent;
}

// At r_brk with a consistent list: the libraries of this moment are mapped, no constructor of theirs has run.
void Tracee::Impl::on_loader_state(TracedThread& thread) {
  if (loader_watch_ == LoaderWatch::recorded) return;
  drop_unmapped_sites();
  if (at_entry_) return;
  finish_loader_memory(thread);
  if (redirected_) put_environment_back();
  watch_signal_calls();
}

void Tracee::Impl::check_probe(const std::string& probe) {
  if (probe.empty()) return;
  struct stat file {};
  if (::stat(probe.c_str(), &file) != 0) {
    warnings.push_back(fmt::format("the probe {} is missing: {}", probe, std::strerror(errno)));
    return;
  }
  for (const Mapping& mapping : maps()) {
    if (mapping.inode != file.st_ino || mapping.offset != 0 || mapping.path.empty()) continue;
    probe_loaded = preferred_base(probe) == mapping.range.low.value;
    if (!probe_loaded)
      warnings.push_back(
          fmt::format("the probe was not loaded where it was linked for ({:#x}): big blocks and "
                      "thread stacks may have moved",
                      mapping.range.low.value));
    return;
  }
  warnings.emplace_back(
      "the probe was not loaded: heap operations are not seen (a static or setuid program?)");
}

}  // namespace situ
