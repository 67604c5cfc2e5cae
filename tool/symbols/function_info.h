// What the debug info says of one concrete function: code ranges, statements, scopes and variables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "model/frame.h"
#include "model/type.h"
#include "symbols/location.h"

namespace situ {

// A place to stop: an is_stmt row of another line than the row before it, or one in the middle of such a run
// that a jump from another line may lead to. Rows in inlined non-user functions count as the outermost user
// line that called them (DW_AT_call_line). Left out are rows with line 0, rows of the prologue, and rustc's
// hoisted constants: rows at the function's head that only store constants and whose line comes after that of
// the first other row (a `let` with a constant has no statement then; debug-info.md §4.3).
struct Statement {
  FileAddress address;
  std::string file;
  std::uint32_t line = 0;
  friend bool operator==(const Statement&, const Statement&) = default;
};

struct LocationEntry {
  std::optional<FileRange> range;  // empty: everywhere
  LocationExpression expression;
};

// A function body, lexical block or inlined function. scopes[0] is the function itself.
struct Scope {
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  // Where a variable of this block is in scope; for a block whose ranges cover only code hoisted to the
  // function's head these are its enclosing block's (debug-info.md §4.3).
  // A `let` of unoptimised Rust reaches from behind its statement to the closing brace of the source.
  std::vector<FileRange> ranges;
  bool inlined = false;
  std::string inlined_name;   // qualified
  bool inlined_user = false;  // its declaration is the user's code
  std::string declaration_file;
  std::uint32_t declaration_line = 0;
  std::string call_file;  // inlined: where it was called
  std::uint32_t call_line = 0;
};

// Says how many elements an array has whose type does not (a variable-length array).
struct ElementCount {
  std::vector<LocationEntry> locations;
  std::optional<std::uint64_t>
      stored;                // they say where the number stands, in so many bytes; empty: they are it
  bool upper_bound = false;  // the number is that of the last element
};

struct VariableInfo {
  std::string name;
  std::optional<TypeId> type;  // in the TypeTable the SymbolFile was opened with
  VariableKind kind = VariableKind::local;
  std::string file;
  std::uint32_t line = 0;
  bool compiler_made = false;
  std::uint32_t scope = 0;               // index into FunctionInfo::scopes
  std::vector<LocationEntry> locations;  // empty: optimized out
  std::optional<ElementCount> count = {};
};

struct FunctionInfo {
  std::string name;  // qualified, as people write it: "article::main", "Shape::area"; see symbols/names.h
  std::string linkage_name;
  std::string file;  // of the declaration, lexically normalised; absolute where the debug info allows
  std::uint32_t line = 0;
  Language language = Language::unknown;
  std::string compilation_directory;
  std::optional<TypeId> return_type;  // empty: returns nothing
  std::vector<FileRange> ranges;      // ranges[0].low is the entry
  FileAddress entry;
  FileAddress body;  // end of the prologue and of hoisted constants: parameters are in place (debug-info.md
                     // §3.2); == entry when optimised
  bool optimised = false;  // by the producer's flags, or by the code's look where they are not recorded
  bool main_subprogram = false;
  bool user = false;  // declared in user code (symbols/user_code.h)
  LocationExpression frame_base;
  std::vector<Statement> statements;  // by address
  std::vector<Scope> scopes;
  std::vector<VariableInfo> variables;
};

}  // namespace situ
