// The loader allocates while it maps libraries, and the probe's link_map is among what it allocates: a
// mapping of its allocator comes earlier or is larger than untraced, and every later mapping would stand
// elsewhere. (The main thread's static TLS is allocated there last of all; where the probe's link_map has
// moved it inside a mapping, that is told, not mended: the loader's allocator does not let its position be
// set.) So the start is rehearsed without the probe, up to where the loader calls its list complete: nothing
// of the program's, and of the libraries' only the resolvers of indirect functions, has run by then. In the
// real start the loader's calls are stopped at once more and made to leave the same mappings behind; what
// does not fit goes far away.
#include <asm/unistd_64.h>
#include <elf.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/error.h"
#include "process/ptrace_call.h"
#include "process/syscall_sites.h"
#include "process/tracee_impl.h"

namespace situ {
namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t largest_loader = 16 * 1024 * 1024;
constexpr std::uint64_t memory_protection = PROT_READ | PROT_WRITE;
constexpr std::uint64_t memory_flags = MAP_PRIVATE | MAP_ANONYMOUS;

// With these the loader itself writes files, or runs code of others, before it is done.
bool may_be_rehearsed(const std::vector<std::string>& environment) {
  constexpr std::array telling = {"LD_AUDIT=", "LD_DEBUG_OUTPUT=", "LD_PROFILE="};
  return std::none_of(environment.begin(), environment.end(), [&](const std::string& variable) {
    return std::any_of(telling.begin(), telling.end(),
                       [&](const char* name) { return variable.rfind(name, 0) == 0; });
  });
}

// mmap(address = rdi, size = rsi, protection = rdx, flags = r10, …), about to be called.
std::optional<LoaderMapping> mapping_asked_for(const user_regs_struct& regs) {
  if (regs.rax != __NR_mmap || regs.rdi != 0) return std::nullopt;
  const bool memory = regs.rdx == memory_protection && regs.r10 == memory_flags;
  return LoaderMapping{memory ? LoaderMapping::Kind::memory : LoaderMapping::Kind::file, regs.rsi};
}

}  // namespace

// Only with addresses that are the same in every run, and only where something will be preloaded, is there
// anything to keep.
void Tracee::Impl::plan_loader_memory(const LaunchOptions& options) {
  if (options.aslr == Aslr::on || options.probe.empty() || !options.executable.has_interpreter) return;
  LaunchOptions without = options;
  without.probe.clear();
  without.mappings.clear();
  without.stdin_file.reset();
  try {
    if (may_be_rehearsed(options.environment)) {
      Impl rehearsal;
      rehearsed_ = rehearsal.rehearse(without);
      if (options.executable.has_thread_locals)
        rehearsed_thread_pointer_ = rehearsal.rehearsed_thread_pointer_;
      if (rehearsed_ || !rehearsal.aslr_is_off) return;
    }
  } catch (const Error&) {
    // The real start will say the same, to the person.
  }
  warn_of_moved_blocks();
}

void Tracee::Impl::warn_of_moved_blocks() {
  warnings.emplace_back(
      "the loader's memory could not be laid out as without the probe: big blocks and thread stacks may "
      "stand "
      "elsewhere than in an untraced run");
}

std::optional<std::vector<LoaderMapping>> Tracee::Impl::rehearse(const LaunchOptions& options) {
  start(options, Standard::nothing);
  loader_watch_ = LoaderWatch::recorded;
  if (!aslr_is_off || !loader_debug_ || !watch_loader_memory()) return std::nullopt;
  rehearsed_.emplace();
  go_on(threads_.at(pid), 0);
  for (;;) {
    const Stop stop = wait();
    if (std::holds_alternative<ModulesChanged>(stop.what)) {
      rehearsed_thread_pointer_ = {registers(threads_.at(pid)).fs_base};
      return std::move(rehearsed_);
    }
    const auto* signal = std::get_if<SignalStop>(&stop.what);
    if (!signal) return std::nullopt;
    resume(stop.tid, signal->number);
  }
}

void Tracee::Impl::align_loader_memory() {
  if (!rehearsed_) return;
  if (!aslr_is_off || !loader_debug_) return rehearsed_.reset();
  loader_plan_.emplace(std::move(*rehearsed_));
  rehearsed_.reset();
  if (watch_loader_memory())
    loader_watch_ = LoaderWatch::aligned;
  else
    warn_of_moved_blocks();
}

// Int3s on the loader's mmap calls; false when it has none that can be seen.
bool Tracee::Impl::watch_loader_memory() {
  const Address base{auxv(AT_BASE).value_or(0)};
  const std::vector<Mapping> mappings = maps();
  const auto loader = std::find_if(mappings.begin(), mappings.end(),
                                   [&](const Mapping& mapping) { return mapping.range.contains(base); });
  if (loader == mappings.end()) return false;
  std::vector<Address> calls;
  for (const Mapping& mapping : mappings) {
    const bool its_text =
        mapping.executable && mapping.inode == loader->inode && mapping.path == loader->path;
    if (!its_text || mapping.range.size() > largest_loader) continue;
    std::vector<std::byte> text(mapping.range.size());
    text.resize(read(mapping.range.low, text));
    for (std::size_t offset : syscall_sites(text, __NR_mmap)) calls.push_back(mapping.range.low + offset);
  }
  return !calls.empty() && plant_as(calls, Role::loader_mapping).empty();
}

void Tracee::Impl::on_loader_mapping(TracedThread& thread) {
  const auto asked = mapping_asked_for(registers(thread));
  if (!asked) return;
  if (loader_watch_ == LoaderWatch::recorded) rehearsed_->push_back(*asked);
  if (loader_watch_ != LoaderWatch::aligned) return;
  const LoaderPlan::Step step = loader_plan_->next(*asked);
  if (!map_placeholders(thread, step.placeholders)) return;
  const bool far = step.place == LoaderPlan::Place::far;
  if (!far && step.size == asked->size) return;
  thread.registers.rsi = step.size;
  if (far) {
    thread.registers.rdi = next_loader_memory_.value;
    thread.registers.r10 |= MAP_FIXED_NOREPLACE;
    // The page left free keeps the allocator from taking two mappings for one.
    next_loader_memory_ = next_loader_memory_ + ((step.size + page - 1) & ~(page - 1)) + page;
  }
  ptrace_call(PTRACE_SETREGS, thread.tid, 0, &thread.registers);
}

// Mappings that stand where untraced the loader's memory would, and are never used.
bool Tracee::Impl::map_placeholders(TracedThread& thread, const std::vector<std::uint64_t>& sizes) {
  for (std::uint64_t size : sizes) {
    std::optional<std::int64_t> result;
    if (may_call(thread))
      result = call(thread, scratch_page, __NR_mmap,
                    {0, size, memory_protection, memory_flags, ~std::uint64_t{0}, 0});
    if (result && *result >= 0) continue;
    loader_watch_ = LoaderWatch::none;
    warn_of_moved_blocks();
    return false;
  }
  return true;
}

// By then the loader has set the main thread's thread pointer. A program without thread-local variables of
// its own is not told: only pthread_self differs there (docs/how-it-works.md).
void Tracee::Impl::compare_thread_pointer(const TracedThread& thread) {
  const Address here{registers(thread).fs_base}, alone = rehearsed_thread_pointer_;
  if (!alone || !here || here == alone) return;
  warnings.push_back(
      fmt::format("the main thread's thread-local storage stands {} bytes {} than in an untraced run: at "
                  "{:#x} instead of "
                  "{:#x}",
                  std::abs(here - alone), here > alone ? "higher" : "lower", here.value, alone.value));
}

// The loader's list is complete: what its allocator maps from now on is the C library's business.
void Tracee::Impl::finish_loader_memory(TracedThread& thread) {
  if (loader_watch_ == LoaderWatch::aligned) {
    compare_thread_pointer(thread);
    const std::vector<std::uint64_t> missing = loader_plan_->finish();
    if (!loader_plan_->in_step())
      warn_of_moved_blocks();
    else
      map_placeholders(thread, missing);
  }
  loader_watch_ = LoaderWatch::none;
  lift_sites([](const Site& site) { return site.role == Role::loader_mapping; });
}

}  // namespace situ
