// Where Rust's variables are in scope without optimisation (debug-info.md §4.3 - §4.5).
#pragma once

#include <map>
#include <string>

#include "symbols/function_rows.h"
#include "symbols/hoisted.h"
#include "symbols/rust_source.h"
#include "symbols/source_file.h"

namespace situ {

class RustScopes {
 public:
  explicit RustScopes(SourceFiles& sources) : sources_(sources) {}

  // Widens the blocks of `let`s to the code up to the closing brace of the source, and takes the function's
  // head out of all blocks. A block that is nowhere else counts as the one around it.
  void correct(FunctionInfo& function, const std::vector<FunctionRow>& rows, const HoistedHead& head);

 private:
  const std::vector<RustToken>& tokens(const std::string& file);

  SourceFiles& sources_;
  std::map<std::string, std::vector<RustToken>> tokens_;
};

}  // namespace situ
