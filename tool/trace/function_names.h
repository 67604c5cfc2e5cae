// Which function a program counter belongs to, as an entry of Recording::functions. Looked up once per pc.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

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

// A function of the user's that the compiler put into another one's code.
struct InlinedCall {
  std::uint32_t scope = 0;  // index into the physical function's scopes
  FunctionId function;
  CallSite call_site;  // the nearest line of the user's that called it
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
  // The user's functions inlined at a pc of a user function, outermost first. Looked up once per pc.
  const std::vector<InlinedCall>& inlined_at(Address lookup);
  // After a module went away or came: what was not found may be found now.
  void forget_unknown();

 private:
  CodePlace look_up(Address lookup);
  FunctionId add(const LoadedModule& module, FileAddress start, Function function);
  std::vector<InlinedCall> look_up_inlined(const CodePlace& code, Address lookup);
  FunctionId id_of_inlined(const LoadedModule& module, const FunctionInfo& holder, const Scope& scope);

  Recording& recording_;
  const ModuleMap& modules_;
  std::unordered_map<Address, CodePlace> by_pc_;
  std::unordered_map<Address, std::optional<Statement>> lines_;
  std::unordered_map<Address, std::vector<InlinedCall>> inlined_;
  // By module, name, file and line of the declaration: functions with code of their own, then all inlined.
  using Declaration = std::tuple<std::uint32_t, std::string, std::string, std::uint32_t>;
  std::map<Declaration, const FunctionInfo*> declared_;
  std::map<Declaration, FunctionId> inlined_ids_;
  std::map<std::pair<std::uint32_t, FileAddress>, FunctionId> ids_;  // module, start
  std::map<std::pair<std::uint32_t, FileAddress>, std::pair<FileAddress, const FunctionInfo*>>
      user_;  // low -> high
};

}  // namespace situ
