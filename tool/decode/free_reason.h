// Why a block was released: by whose end, assignment or call, told by the call stack of the release and by
// who owned the block then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/recording.h"

namespace situ {

enum class FreeKind : std::uint8_t {
  scope_end,        // the variable that owned it went out of scope
  reassigned,       // its owner was given another value
  explicit_drop,    // drop(x), x.reset()
  explicit_delete,  // delete x
  explicit_free,    // free(x)
  growth,           // a container moved to a larger block
  removed,          // a container let an element go
  consumed,         // the owner was given to a call that was done with it
  temporary,        // the owner was a value without a name
  unwinding,        // a panic or exception popped the frame of its owner
  thread_exit,
  program_exit,  // a static's destructor
  runtime        // code of a library, for its own reasons
};
std::string_view free_kind_name(FreeKind kind);  // "scope_end", ...

struct FreeReason {
  FreeKind kind = FreeKind::runtime;
  std::optional<VariableId> variable;  // the owner's, or the one the block was reached from
  std::string path;                    // of the owner's word inside the variable, "" for the variable itself
  bool through_blocks = false;         // the variable owned it by way of other blocks
  std::optional<FrameId> frame;        // of the code that did it, where it is known
  std::optional<FunctionId> function;
  std::string file;
  std::uint32_t line = 0;
  std::string text;  // "x goes out of scope"
};

}  // namespace situ
