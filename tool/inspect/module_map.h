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

namespace situ {

struct LoadedModule {
  ModuleId id;
  AddressRange range;      // lowest to highest mapping of the file
  std::uint64_t bias = 0;  // Address = FileAddress + bias
  std::unique_ptr<SymbolFile> symbols;

  Address to_process(FileAddress a) const { return {a.value + bias}; }
  FileAddress to_file(Address a) const { return {a.value - bias}; }
};

class ModuleMap {
 public:
  ModuleMap(Recording& recording, TypeTable& types, const UserCode& user);

  // Adds the modules that came since the last call (the vdso included); the probe's file is skipped. Returns
  // the new ones.
  std::vector<LoadedModule*> update(const std::vector<Mapping>& maps, const MemoryReader& memory,
                                    const std::string& probe_path);
  LoadedModule* find(Address pc) const;  // null: no module
  const std::vector<std::unique_ptr<LoadedModule>>& all() const { return modules_; }

 private:
  Recording& recording_;
  TypeTable& types_;
  const UserCode& user_;
  std::vector<std::unique_ptr<LoadedModule>> modules_;
};

}  // namespace situ
