// Frames, the variables in them and where each variable is (design: semantics, Frames and Variables).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/registers.h"
#include "model/ids.h"

namespace situ {

enum class FoundBy : std::uint8_t { cfi, libdw, guess };
enum class EndedBy : std::uint8_t { returned, unwind, longjmp, tail_call, thread_exit, exec };

// How far a frame reached during some steps, in bytes below its CFA.
struct FrameExtent {
  std::uint64_t pushed = 0;  // CFA - sp
  std::uint64_t size = 0;    // CFA - low, low = min(sp, lowest slot of a variable)
  Lifetime life;
};

struct SavedRegister {
  Reg reg = Reg::rbx;
  std::int64_t offset = 0;  // from the CFA, negative
  Lifetime life;
};

// The value a register had in this frame (a caller's callee-saved ones are found by unwinding).
struct RegisterValue {
  Reg reg = Reg::rax;
  std::uint64_t value = 0;
  Lifetime life;
  std::uint64_t high = 0;  // xmm0 ... xmm15: the upper 8 bytes
};

// Bytes of the entered function's slots that the tracer filled with the mark pattern, with what stood there
// before. They count as "never written" as long as they still hold mark_byte() (model/mark.h).
struct Mark {
  Address from;
  std::vector<std::byte> replaced;
};

struct CallSite {
  std::string file;
  std::uint32_t line = 0;
};

struct Frame {
  ThreadId thread;
  std::optional<RegionId> stack;
  std::uint32_t depth = 0;             // counts all frames of the thread from the outermost, 0
  std::optional<FunctionId> function;  // empty: no symbol covers the pc
  bool inlined = false;
  bool user = false;
  bool signal_handler = false;  // the frame below the kernel's signal trampoline
  Address cfa;
  std::optional<Address> return_address;
  std::optional<FrameId> caller;
  std::optional<CallSite> call_site;  // in the caller's source
  FoundBy found_by = FoundBy::cfi;
  std::vector<FrameExtent> extents;
  std::vector<SavedRegister> saved_registers;
  std::vector<RegisterValue> registers;  // only those a place of this frame refers to
  std::optional<Registers>
      at_entry;  // user frames whose entry was seen: the registers at the first instruction
  std::vector<Mark> marks;
  Lifetime life;
  std::optional<EndedBy> ended_by;
};

enum class PlaceKind : std::uint8_t {
  stack,        // address; frame whose CFA it is relative to
  reg,          // the whole value is in `reg` of the variable's frame
  static_data,  // address in a module
  thread_local_data,
  memory,    // address reached through a pointer, e.g. a by-reference parameter
  computed,  // no address: `value` holds the bytes
  pieces,
  nowhere,  // `why`
};

enum class Why : std::uint8_t {
  none,
  optimized_out,
  not_in_scope_here,  // no location at this pc
  entry_value_unknown,
  unreadable,  // memory is not mapped or was not captured
  unsupported_expression,
  incomplete_type,
};

struct PlacePiece;

struct Place {
  PlaceKind kind = PlaceKind::nowhere;
  std::optional<Address> address;
  std::optional<FrameId> frame;  // stack: whose CFA; memory: whose frame it lies in, if any
  std::optional<std::int64_t> cfa_offset;
  std::optional<std::uint64_t> size;        // bytes
  std::optional<std::uint64_t> count = {};  // of an array whose type does not say it (VLA): its elements
  std::optional<Reg> reg;
  std::vector<PlacePiece> pieces;
  std::vector<std::byte> value;  // computed
  Why why = Why::none;
  Lifetime life;
};

// A part of a value, `offset` bytes into it.
struct PlacePiece {
  std::uint64_t offset = 0;
  Place place;
};

enum class VariableKind : std::uint8_t { parameter, local, static_data, thread_local_data };

struct Variable {
  std::optional<FrameId> frame;         // empty for statics
  std::optional<ThreadId> thread = {};  // thread-locals: whose
  std::string name;
  std::optional<TypeId> type;
  VariableKind kind = VariableKind::local;
  std::string file;
  std::uint32_t line = 0;      // of the declaration; 0: not stated
  bool compiler_made = false;  // its declaration line does not contain its name (debug-info.md §4.7): hidden
  std::uint32_t scope_depth = 0;  // nesting of its declaring block; a deeper one shadows the same name
  std::vector<Place> places;      // one after another in time
  // Steps whose pc lay inside the declaring block's (corrected) ranges.
  std::vector<Lifetime> in_scope;
  Lifetime life;  // the frame's
};

}  // namespace situ
