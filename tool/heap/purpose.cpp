// A library's function allocates either what its caller wants (operator new, Vec::push, strdup) or something
// of its own: a stream's buffer, a thread's control block. Only functions of the second kind are in the
// table.
//
// A stack can hold several: fopen called by pthread_getattr_np called by Rust's runtime. Strong rows win over
// weak ones wherever they are, since all that happens inside pthread_getattr_np is for it; among strong rows
// the order of Row decides, among weak ones the innermost.
#include "heap/purpose.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace situ {
namespace {

enum class Match { whole, prefix };
// Weak rows first, then the strong ones by strength. `callers` and `result` say that the block is handed to
// the caller, although a stream is involved.
enum class Row { none, runtime, callers, stdio, result, loader, thread, pool, exception };

struct Rule {
  std::string_view name;
  Match match;
  Row row;
};

constexpr Rule rules[] = {
    // What is thrown, and what throwing needs.
    {"cxa_allocate_exception", Match::whole, Row::exception},
    {"cxa_allocate_dependent_exception", Match::whole, Row::exception},
    {"rust_start_panic", Match::whole, Row::exception},
    {"panic_unwind::", Match::prefix, Row::exception},
    {"std::panicking::rust_panic", Match::prefix, Row::exception},
    {"std::panicking::panic_with_hook", Match::prefix, Row::exception},
    {"std::panicking::panic_handler", Match::prefix, Row::exception},
    {"std::panicking::begin_panic", Match::prefix, Row::exception},
    {"std::panicking::default_hook", Match::prefix, Row::exception},
    // libstdc++'s reserve for exceptions when memory is short (libsupc++/eh_alloc.cc); its initialiser has no
    // name in a stripped library, and is the only one there that allocates.
    {"{anonymous}::pool::", Match::prefix, Row::pool},
    {"_GLOBAL__sub_I_eh_alloc.cc", Match::whole, Row::pool},
    // A thread's control block, its attributes, its thread-local storage (glibc nptl/, elf/dl-tls.c).
    {"pthread_create", Match::prefix, Row::thread},
    {"allocate_dtv", Match::whole, Row::thread},
    {"allocate_stack", Match::whole, Row::thread},
    {"_dl_allocate_tls", Match::prefix, Row::thread},
    {"_dl_resize_dtv", Match::whole, Row::thread},
    {"tls_get_addr", Match::prefix, Row::thread},
    {"allocate_and_init", Match::whole, Row::thread},
    {"pthread_getattr_np", Match::prefix, Row::thread},
    {"pthread_attr_", Match::prefix, Row::thread},
    {"pthread_setspecific", Match::whole, Row::thread},
    {"cxa_thread_atexit", Match::prefix, Row::thread},
    // Rust's: the handle and its name. The closure's box is the caller's: it holds what was moved into it.
    {"std::thread::Thread::new", Match::prefix, Row::thread},
    {"std::thread::thread::Thread::new", Match::prefix, Row::thread},
    {"std::thread::current", Match::prefix, Row::thread},
    {"std::thread::spawnhook::", Match::prefix, Row::thread},
    {"std::thread::scoped::ScopeData", Match::prefix, Row::thread},
    {"std::sys::thread::", Match::prefix, Row::thread},
    {"std::sys::thread_local::", Match::prefix, Row::thread},
    {"std::sys::unix::thread::", Match::prefix, Row::thread},
    {"std::sys::unix::thread_local", Match::prefix, Row::thread},
    {"std::sys::pal::unix::thread::", Match::prefix, Row::thread},
    {"std::sys_common::thread", Match::prefix, Row::thread},
    // Objects and their search paths (glibc elf/, dlfcn/). _dl_init only calls initialisers; see `ends_scan`.
    {"dlopen", Match::prefix, Row::loader},
    {"dlmopen", Match::prefix, Row::loader},
    {"dl_open_worker", Match::prefix, Row::loader},
    {"dlsym", Match::prefix, Row::loader},
    {"dlvsym", Match::prefix, Row::loader},
    {"dlclose", Match::prefix, Row::loader},
    {"dlerror", Match::prefix, Row::loader},
    {"_dlerror_run", Match::whole, Row::loader},
    {"libc_dlopen", Match::prefix, Row::loader},
    {"_dl_", Match::prefix, Row::loader},
    {"dl_main", Match::whole, Row::loader},
    // Streams and their buffers (glibc libio/), and what printing needs for a while (stdio-common/).
    {"getline", Match::whole, Row::callers},
    {"getdelim", Match::whole, Row::callers},
    {"_IO_getdelim", Match::whole, Row::callers},
    {"asprintf", Match::prefix, Row::result},
    {"vasprintf", Match::prefix, Row::result},
    {"_IO_vasprintf", Match::whole, Row::result},
    {"open_memstream", Match::whole, Row::callers},
    {"_IO_", Match::prefix, Row::stdio},
    {"fopen", Match::prefix, Row::stdio},
    {"fdopen", Match::prefix, Row::stdio},
    {"freopen", Match::prefix, Row::stdio},
    {"popen", Match::whole, Row::stdio},
    {"tmpfile", Match::prefix, Row::stdio},
    {"setvbuf", Match::whole, Row::stdio},
    {"printf", Match::prefix, Row::stdio},
    {"vprintf", Match::prefix, Row::stdio},
    {"fprintf", Match::prefix, Row::stdio},
    {"vfprintf", Match::prefix, Row::stdio},
    {"sprintf", Match::prefix, Row::stdio},
    {"vsprintf", Match::prefix, Row::stdio},
    {"snprintf", Match::prefix, Row::stdio},
    {"vsnprintf", Match::prefix, Row::stdio},
    {"dprintf", Match::prefix, Row::stdio},
    {"vdprintf", Match::prefix, Row::stdio},
    {"perror", Match::whole, Row::stdio},
    {"puts", Match::whole, Row::stdio},
    {"fputs", Match::prefix, Row::stdio},
    {"putchar", Match::prefix, Row::stdio},
    {"fputc", Match::prefix, Row::stdio},
    {"fwrite", Match::prefix, Row::stdio},
    {"fflush", Match::prefix, Row::stdio},
    {"fread", Match::prefix, Row::stdio},
    {"fgets", Match::prefix, Row::stdio},
    {"fgetc", Match::prefix, Row::stdio},
    {"getchar", Match::prefix, Row::stdio},
    {"std::basic_filebuf::_M_allocate_internal_buffer", Match::whole, Row::stdio},
    {"std::__basic_file::", Match::prefix, Row::stdio},
    {"std::io::stdio::stdout", Match::prefix, Row::stdio},
    {"std::io::stdio::stdin", Match::prefix, Row::stdio},
    {"std::io::stdio::stderr", Match::prefix, Row::stdio},
    {"std::io::stdio::_print", Match::prefix, Row::stdio},
    {"std::io::stdio::_eprint", Match::prefix, Row::stdio},
    {"std::io::stdio::print_to", Match::prefix, Row::stdio},
    {"std::io::stdio::cleanup", Match::prefix, Row::stdio},
    // What a language's or the C library's runtime keeps for the whole process.
    {"std::rt::", Match::prefix, Row::runtime},
    {"std::sys::pal::unix::init", Match::prefix, Row::runtime},
    {"std::sys::pal::unix::stack_overflow::", Match::prefix, Row::runtime},
    {"std::sys::unix::stack_overflow::", Match::prefix, Row::runtime},
    {"cxa_atexit", Match::whole, Row::runtime},
    {"cxa_at_quick_exit", Match::whole, Row::runtime},
    {"internal_atexit", Match::whole, Row::runtime},
    {"new_exitfn", Match::whole, Row::runtime},
    {"atexit", Match::whole, Row::runtime},
    {"on_exit", Match::whole, Row::runtime},
    {"setlocale", Match::whole, Row::runtime},
    {"_nl_", Match::prefix, Row::runtime},
    {"gconv_", Match::prefix, Row::runtime},
    {"tzset", Match::prefix, Row::runtime},
    {"tz_convert", Match::whole, Row::runtime},
    {"tzfile_read", Match::whole, Row::runtime},
};

// These call the initialisers of libraries; what is outside of them has nothing to do with the block.
constexpr std::array<std::string_view, 2> ends_scan = {"_dl_init", "call_init"};

// Types of Rust's own that spawning allocates directly, told by the allocating function's argument: the boxes
// and counted boxes of a closure look the same otherwise.
constexpr std::array<std::string_view, 5> thread_types = {
    "::new<std::thread::lifecycle::ThreadInit>",
    "::new<alloc::sync::ArcInner<std::thread::lifecycle::Packet<", "::new<std::thread::lifecycle::Packet<",
    "::new<alloc::sync::ArcInner<std::thread::Packet<", "::new<std::thread::Packet<"};

// "<std::thread::Thread>::new" and "<std::thread::Thread as core::fmt::Debug>::fmt": what the brackets around
// the type hold, and what follows them, as one name.
std::string without_type_brackets(std::string_view name) {
  if (!name.starts_with('<')) return std::string(name);
  int depth = 0;
  std::size_t type_end = std::string_view::npos;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '<') ++depth;
    if (name[i] == '>' && name[i - 1] != '-') --depth;
    if (depth == 1 && type_end == std::string_view::npos && name.substr(i).starts_with(" as ")) type_end = i;
    if (depth == 0)
      return std::string(name.substr(1, std::min(type_end, i) - 1)) + std::string(name.substr(i + 1));
  }
  return std::string(name);
}

// "__GI___getdelim@GLIBC_2.2.5" and "void std::f<int>(char)" as the table spells them: without arguments,
// return type and version, and without the marks glibc puts before its internal names.
std::string table_name(std::string_view full_name) {
  const std::string typed = without_type_brackets(full_name.substr(0, full_name.find('@')));
  const std::string_view name = typed;
  constexpr std::string_view anonymous = "(anonymous namespace)";
  std::string bare;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '<') {
      ++depth;
    } else if (c == '>' && depth > 0 && name[i - 1] != '-') {
      --depth;
    } else if (depth == 0) {
      if (name.substr(i).starts_with(anonymous)) {
        bare += "{anonymous}";
        i += anonymous.size() - 1;
      } else if (c == '(') {
        break;
      } else if (c == ' ') {
        bare.clear();  // what came before was the return type
      } else {
        bare += c;
      }
    }
  }
  if (bare.starts_with("__GI_")) bare.erase(0, 5);
  if (bare.starts_with("__")) bare.erase(0, bare.find_first_not_of('_'));
  return bare;
}

bool matches(const Rule& rule, std::string_view name) {
  if (!name.starts_with(rule.name)) return false;
  const auto rest = name.substr(rule.name.size());
  if (rule.match == Match::whole || rest.empty()) return rest.empty();
  // A whole word: "fopen" is also fopen64 and fopen_internal, but not fopener.
  const char last = rule.name.back(), next = rest.front();
  return last == '_' || last == ':' || !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

Row row_of(std::string_view name) {
  for (const Rule& rule : rules) {
    if (matches(rule, name)) return rule.row;
  }
  return Row::none;
}

bool for_a_thread(std::string_view name) {
  return std::any_of(thread_types.begin(), thread_types.end(),
                     [&](std::string_view type) { return name.find(type) != std::string_view::npos; });
}

Purpose purpose_for(Row row) {
  switch (row) {
    case Row::runtime:
      return Purpose::runtime;
    case Row::stdio:
      return Purpose::stdio;
    case Row::loader:
      return Purpose::loader;
    case Row::thread:
      return Purpose::thread;
    case Row::pool:
      return Purpose::pool;
    case Row::exception:
      return Purpose::exception;
    case Row::none:
    case Row::callers:
    case Row::result:
      break;
  }
  return Purpose::none;
}

}  // namespace

Purpose purpose_of(const std::vector<std::string>& stack) {
  Row strong = Row::none, weak = Row::none;
  bool nameless_libstdcxx = false;
  for (const std::string& name : stack) {
    const std::string bare = table_name(name);
    if (std::find(ends_scan.begin(), ends_scan.end(), bare) != ends_scan.end()) {
      if (nameless_libstdcxx) strong = std::max(strong, Row::pool);
      break;
    }
    nameless_libstdcxx = nameless_libstdcxx || name.starts_with("[libstdc++.so");
    const Row row = for_a_thread(name) ? Row::thread : row_of(bare);
    if (row > Row::stdio)
      strong = std::max(strong, row);
    else if (weak == Row::none)
      weak = row;
  }
  return purpose_for(strong != Row::none ? strong : weak);
}

}  // namespace situ
