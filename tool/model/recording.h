// What a recording is: plain facts of one run, without I/O. trace fills it step by step; everything a person
// sees is made from it by the view half (decode, analysis, render).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "model/block.h"
#include "model/frame.h"
#include "model/heap_tally.h"
#include "model/ids.h"
#include "model/mark.h"
#include "model/memory_history.h"
#include "model/type.h"

namespace situ {

enum class Cause : std::uint8_t {
  start,
  call,
  line,
  returned,
  alloc,
  free,
  signal,
  thread_start,
  thread_exit,
  exec,
  exit
};
std::string_view cause_name(Cause cause);  // "start", "call", "line", "return", ...

struct SignalEvent {
  int number = 0;
  std::optional<Address> address;  // si_addr of a fault
};
struct ExitStatus {
  std::optional<int> code;    // exit code, or
  std::optional<int> signal;  // the signal that ended the process
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

struct Step {
  StepIndex index = 0;
  ThreadId thread;
  Cause cause = Cause::line;
  std::optional<FrameId> frame;
  std::optional<FunctionId> function;
  std::string file;  // empty: no source position
  std::uint32_t line = 0;
  Address pc, sp;
  std::optional<BlockId> block;       // alloc, free
  std::optional<SignalEvent> signal;  // signal
  std::optional<ExitStatus> exit;     // exit
  // return: rax, rdx as they stood at the return address.
  std::optional<std::uint64_t> rax, rdx;
  // The same of xmm0 and xmm1, and of the top of the x87 stack, where the function's type is returned there.
  std::optional<std::array<std::byte, 16>> xmm0 = {}, xmm1 = {};
  std::optional<std::array<std::byte, 10>> st0 = {};
};

struct Thread {
  int tid = 0;
  std::string name;
  std::vector<RegionId> stacks;
  Lifetime life;
};

struct Module {
  std::string path;
  std::string build_id;  // hex, empty: none
  Address base, end;     // lowest and one past the highest mapped address
  bool debug_info = false;
};

struct Function {
  std::string name;          // as people write it, qualified
  std::string linkage_name;  // empty: same as name
  std::string file;          // of the declaration; empty: no debug info
  std::uint32_t line = 0;
  Language language = Language::unknown;
  std::optional<ModuleId> module;
  bool user = false;
  std::optional<TypeId> return_type = {};  // empty: returns nothing, or not known
};

enum class SymbolKind : std::uint8_t { function, vtable, object };
struct Symbol {
  Address address;
  std::uint64_t size = 0;
  std::string name;  // demangled
  SymbolKind kind = SymbolKind::object;
  std::optional<TypeId> type = {};  // vtable: the class, or Rust's concrete type, that it is for, if known
};

struct Source {
  std::string file;
  std::optional<std::string> text;  // empty: could not be read
};

enum class RegionKind : std::uint8_t {
  stack,
  alternate_stack,
  heap,
  arena,
  mapped,
  static_data,
  read_only,
  code,
  vdso,
  guard
};
std::string_view region_kind_name(RegionKind kind);  // "stack", "alternate_stack", ..., "static"

struct Region {
  RegionKind kind = RegionKind::mapped;
  AddressRange range;
  std::optional<ThreadId> thread;  // stacks
  std::optional<ModuleId> module;
  Lifetime life;
};

struct Program {
  std::string path;
  std::vector<std::string> arguments;  // argv, [0] included
  std::string build_id;
  bool aslr = false;
  std::optional<ExitStatus> exit;
  std::optional<std::string> stopped_early;
  // Of the steps before it (--from N) only what and where they were is known: no memory was read.
  StepIndex recorded_from = 0;
  std::uint64_t lost_events = 0;
  std::vector<std::string> warnings;
  bool heap_seen = true;  // false: static or otherwise without the probe
};

struct Recording {
  Program program;
  std::vector<Thread> threads;
  std::vector<Module> modules;
  std::vector<Function> functions;
  std::vector<Type> types;
  std::vector<Symbol> symbols;  // those that captured words point to
  std::vector<Source> sources;  // the user's files that steps and declarations name
  std::vector<Step> steps;
  std::vector<HeapEvent> events;
  std::optional<HeapTotals> heap_totals = {};  // where only live blocks and no events are kept
  std::vector<Frame> frames;
  std::vector<Variable> variables;
  std::vector<Block> blocks;
  std::vector<Region> regions;
  MemoryHistory memory;
  MarkPattern mark;

  const Thread& at(ThreadId id) const { return threads[id.value]; }
  const Module& at(ModuleId id) const { return modules[id.value]; }
  const Function& at(FunctionId id) const { return functions[id.value]; }
  const Type& at(TypeId id) const { return types[id.value]; }
  const Frame& at(FrameId id) const { return frames[id.value]; }
  const Variable& at(VariableId id) const { return variables[id.value]; }
  const Block& at(BlockId id) const { return blocks[id.value]; }
  const Region& at(RegionId id) const { return regions[id.value]; }
};

// "#3" for the user's third block, "r2" for the runtime's second.
std::string block_label(const Block& block);

}  // namespace situ
