// Steps to the caller where no call frame information says how: the kernel's signal trampoline and jump
// stubs, whose code says it exactly, and guesses, which say that they are.
#pragma once

#include <functional>
#include <optional>

#include "base/memory_reader.h"
#include "unwind/caller_step.h"

namespace situ {

// Whether pc stands in the code a signal handler returns to: mov $15, %rax; syscall (rt_sigreturn).
bool is_signal_trampoline(Address pc, const MemoryReader& memory);
// From the trampoline to what the signal interrupted: sp points at the ucontext the kernel wrote (kernel
// arch/x86/include/uapi/asm/sigcontext.h). All registers are known.
CallerStep step_over_signal(const Registers& registers, const MemoryReader& memory);
// The alternate stack that the trampoline's frame lies on, out of the same ucontext (uc_stack); empty: it
// lies on none.
std::optional<AddressRange> alternate_stack_of_signal(Address sp, const MemoryReader& memory);

// What the linkage stub at pc has pushed onto the return address so far, in bytes; empty: no such stub. LLD
// writes no information for its PLT, GNU ld none for a static program's IPLT. Only for exact pcs.
std::optional<std::uint64_t> pushed_by_stub(Address pc, const MemoryReader& memory);
CallerStep step_out_of_stub(const Registers& registers, std::uint64_t pushed, const MemoryReader& memory);

// A guess for code without information: a jump to where no code is, a function's first instructions, or a
// chain of frame pointers. failed unless it leads to code.
CallerStep guess_caller(const Registers& registers, bool exact_pc, const MemoryReader& memory,
                        const std::function<bool(Address)>& is_code);

}  // namespace situ
