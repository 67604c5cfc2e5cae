// The executable and shared objects of the stopped process with their symbols: the one place where an Address
// becomes a FileAddress and back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "model/recording.h"
#include "process/maps.h"
#include "symbols/symbol_file.h"
#include "unwind/code_modules.h"

namespace situ {

struct LoadedModule {
  ModuleId id;
  AddressRange range;      // of the file's segments, whole pages; empty once something else is mapped there
  std::uint64_t bias = 0;  // Address = FileAddress + bias
  // How far below the thread pointer the module's thread-local block starts; only the executable's is known
  // without the loader's data (psABI §3.4.6, TLS variant II).
  std::optional<std::uint64_t> tls_offset;
  std::unique_ptr<SymbolFile> symbols;

  Address to_process(FileAddress a) const { return {a.value + bias}; }
  FileAddress to_file(Address a) const { return {a.value - bias}; }
};

class ModuleMap {
 public:
  ModuleMap(Recording& recording, TypeTable& types, const UserCode& user);

  // Adds the modules that came since the last call (the vdso included); the probe's file is skipped, and a
  // file that cannot be read becomes a warning of the recording. Returns the new ones.
  std::vector<LoadedModule*> update(const std::vector<Mapping>& maps, const MemoryReader& memory,
                                    const std::string& probe_path);
  LoadedModule* find(Address pc) const;  // null: no module
  const std::vector<std::unique_ptr<LoadedModule>>& all() const { return modules_; }

 private:
  std::unique_ptr<SymbolFile> open(const CodeFile& file, const MemoryReader& memory);
  void add(const CodeFile& file, std::unique_ptr<SymbolFile> symbols);

  Recording& recording_;
  TypeTable& types_;
  const UserCode& user_;
  CodeModules code_;
  std::vector<std::unique_ptr<LoadedModule>> modules_;  // as they came
  std::vector<LoadedModule*> by_address_;
  std::vector<std::string> unreadable_;
};

}  // namespace situ
