// What the program has told the kernel about SIGTRAP. An int3 in a thread that blocks or ignores SIGTRAP
// makes the kernel unblock it and reset its handler, even under ptrace; it does not say what they were. So
// they are known beforehand: int3s on the rt_sigprocmask, rt_sigaction and rt_sigreturn system calls of libc
// (or of a static program) tell each change before it happens.
#include <asm/unistd_64.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "process/ptrace_call.h"
#include "process/syscall_sites.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::uint64_t trap_bit = signal_bit(SIGTRAP);
constexpr std::uint64_t ignore_handler = 1;  // SIG_IGN
constexpr std::uint64_t no_defer = 0x40000000, reset_hand = 0x80000000;
// struct ucontext on x86-64: flags, link, stack (40 bytes), sigcontext (256 bytes), then the mask.
constexpr std::uint64_t mask_in_ucontext = 40 + 256;
constexpr std::uint64_t largest_text = 64 * 1024 * 1024;

std::uint64_t hex_field(pid_t process, pid_t tid, std::string_view field) {
  const std::string text = status_field(process, tid, field);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

bool is_libc(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.substr(0, 7) == "libc.so" || name.substr(0, 6) == "libc-2" ||
         name.substr(0, 10) == "libpthread" || name.substr(0, 7) == "ld-musl";
}

}  // namespace

void Tracee::Impl::read_initial_signal_state(TracedThread& thread) {
  thread.blocks_trap = (hex_field(pid, pid, "SigBlk:") & trap_bit) != 0;
  actions_[pid].trap.handler = (hex_field(pid, pid, "SigIgn:") & trap_bit) != 0 ? ignore_handler : 0;
}

void Tracee::Impl::watch_signal_calls() {
  for (const Mapping& mapping : maps()) {
    const bool wanted =
        initial_.auxv(7).value_or(0) != 0 ? is_libc(mapping.path) : mapping.path == executable_path_;
    if (!wanted || !mapping.executable || mapping.range.size() > largest_text) continue;
    std::vector<std::byte> text(mapping.range.size());
    text.resize(read(mapping.range.low, text));
    const auto plant_calls = [&](int number, Role role) {
      std::vector<Address> addresses;
      for (std::size_t offset : syscall_sites(text, number)) addresses.push_back(mapping.range.low + offset);
      plant_as(addresses, role);
    };
    plant_calls(__NR_rt_sigprocmask, Role::mask_call);
    plant_calls(__NR_rt_sigaction, Role::action_call);
    plant_calls(__NR_rt_sigreturn, Role::signal_return);
  }
}

// rt_sigprocmask(how = rdi, set = rsi, …), about to be called.
void Tracee::Impl::note_mask_call(TracedThread& thread) {
  const user_regs_struct& regs = registers(thread);
  if (regs.rax != __NR_rt_sigprocmask || regs.rsi == 0) return;
  const auto set = read_value<std::uint64_t>({regs.rsi});
  if (!set) return;
  const bool named = (*set & trap_bit) != 0;
  switch (static_cast<int>(regs.rdi)) {
    case SIG_BLOCK:
      thread.blocks_trap = thread.blocks_trap || named;
      break;
    case SIG_UNBLOCK:
      thread.blocks_trap = thread.blocks_trap && !named;
      break;
    case SIG_SETMASK:
      thread.blocks_trap = named;
      break;
    default:
      break;
  }
}

// rt_sigaction(number = rdi, action = rsi, …), about to be called.
void Tracee::Impl::note_action_call(TracedThread& thread) {
  const user_regs_struct& regs = registers(thread);
  const auto number = static_cast<int>(regs.rdi);
  if (regs.rax != __NR_rt_sigaction || regs.rsi == 0 || number < 1 || number > 64) return;
  const auto action = read_value<SignalActions::Action>({regs.rsi});
  if (!action) return;
  SignalActions& actions = actions_[thread.process];
  const bool itself = number == SIGTRAP && (action->flags & no_defer) == 0;
  actions.blocks_trap[static_cast<std::size_t>(number)] = (action->mask & trap_bit) != 0 || itself;
  if (number == SIGTRAP) actions.trap = *action;
}

// rt_sigreturn: the stack pointer stands at the ucontext whose mask will be the thread's.
void Tracee::Impl::note_signal_return(TracedThread& thread) {
  const user_regs_struct& regs = registers(thread);
  if (static_cast<std::uint32_t>(regs.rax) != __NR_rt_sigreturn) return;
  if (const auto mask = read_value<std::uint64_t>(Address{regs.rsp} + mask_in_ucontext))
    thread.blocks_trap = (*mask & trap_bit) != 0;
}

// No int3 has touched the state since the last one was repaired: what the kernel says now is true.
void Tracee::Impl::note_signal_stop(TracedThread& thread, int signal) {
  thread.blocks_trap = (hex_field(thread.process, thread.tid, "SigBlk:") & trap_bit) != 0;
  thread.signal_caught = (hex_field(thread.process, thread.tid, "SigCgt:") & signal_bit(signal)) != 0;
}

void Tracee::Impl::note_delivery(TracedThread& thread, int signal) {
  SignalActions& actions = actions_[thread.process];
  if (signal < 1 || signal > 64) return;
  const bool own_trap = thread.at == TracedThread::At::own_trap;
  if (own_trap && (thread.blocks_trap || actions.trap.handler == ignore_handler)) {
    thread.blocks_trap = false;  // the kernel has done that itself, as it would have without a tracer
    actions.trap = {};
    return;
  }
  const bool caught = own_trap ? actions.trap.handler > ignore_handler : thread.signal_caught;
  if (caught && actions.blocks_trap[static_cast<std::size_t>(signal)]) thread.blocks_trap = true;
  if (signal == SIGTRAP && caught && (actions.trap.flags & reset_hand) != 0) actions.trap.handler = 0;
}

// Once for each stop, with the state before the instruction at the int3 changes it. A SIGTRAP of the
// program's that was pending, blocked, has taken the place of the int3's: it is made pending again.
void Tracee::Impl::repair_trap_state(TracedThread& thread) {
  using At = TracedThread::At;
  if (thread.at != At::planted_trap && thread.at != At::own_trap) return;
  const SignalActions::Action action = actions_[thread.process].trap;
  const bool repaired = std::exchange(thread.trap_repaired, true);
  if (repaired || (!thread.blocks_trap && action.handler != ignore_handler)) return;
  siginfo_t info{};
  const bool merged = thread.blocks_trap && !thread.stop_consumed &&
                      ptrace_call(PTRACE_GETSIGINFO, thread.tid, 0, &info) && info.si_code != SI_KERNEL;
  if (action.handler != 0 && may_call(thread)) {
    write_raw(scratch_data, std::as_bytes(std::span(&action, 1)));
    call(thread, scratch_page, __NR_rt_sigaction, {SIGTRAP, scratch_data.value, 0, 8, 0, 0});
  }
  if (merged && may_call(thread))
    call(thread, scratch_page, __NR_tgkill,
         {static_cast<std::uint64_t>(thread.process), static_cast<std::uint64_t>(thread.tid), SIGTRAP, 0, 0,
          0});
  if (!thread.blocks_trap) return;
  if (const auto mask = signal_mask(thread.tid)) set_signal_mask(thread.tid, *mask | trap_bit);
}

}  // namespace situ
