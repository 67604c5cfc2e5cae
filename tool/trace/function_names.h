// Which function a program counter belongs to, as an entry of Recording::functions. Looked up once per pc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "inspect/module_map.h"
#include "model/recording.h"
#include "symbols/function_info.h"

namespace situ {

// A code address with all that is known of it.
struct CodePlace {
  LoadedModule* module = nullptr;
  const FunctionInfo* user_function = nullptr;  // set for the user's functions only
  std::optional<FunctionId> function;
};

class FunctionNames {
 public:
  FunctionNames(Recording& recording, const ModuleMap& modules) : recording_(recording), modules_(modules) {}

  // Makes the module's user functions known; they are found by pc from then on.
  void add_user_functions(LoadedModule& module, const std::vector<const FunctionInfo*>& functions);
  // `lookup`: RawFrame::lookup_address().
  const CodePlace& at(Address lookup);
  // The entry for a user function.
  FunctionId id_of(const LoadedModule& module, const FunctionInfo& function);
  // The source line of a pc; empty where no line table covers it, and in the system's libraries, whose debug
  // info is not read. Looked up once per pc.
  const std::optional<Statement>& line_at(Address lookup);
  // After a module went away or came: what was not found may be found now.
  void forget_unknown();

 private:
  CodePlace look_up(Address lookup);
  FunctionId add(const LoadedModule& module, FileAddress start, Function function);

  Recording& recording_;
  const ModuleMap& modules_;
  std::unordered_map<Address, CodePlace> by_pc_;
  std::unordered_map<Address, std::optional<Statement>> lines_;
  std::map<std::pair<std::uint32_t, FileAddress>, FunctionId> ids_;  // module, start
  std::map<std::pair<std::uint32_t, FileAddress>, std::pair<FileAddress, const FunctionInfo*>>
      user_;  // low -> high
};

}  // namespace situ
