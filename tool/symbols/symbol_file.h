// One ELF file with its debug info, read lazily: opening reads unit headers and ranges; a unit's contents are
// read when a pc or a name needs them. No process.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/address.h"
#include "symbols/function_info.h"
#include "symbols/type_table.h"
#include "symbols/user_code.h"

namespace situ {

// From .symtab or .dynsym.
struct ElfSymbol {
  std::string name;       // as in the file
  std::string demangled;  // v0 and legacy Rust, Itanium C++; == name otherwise
  FileRange range;
  bool function = false;
};

// A static or thread-local variable of a user unit, or a Rust vtable with its concrete type.
struct StaticInfo {
  VariableInfo variable;  // its name qualified
  FileAddress address;    // vtables
  std::optional<TypeId> vtable_of;
};

// How much of separate debug info to read: all, or only its symbol table, for names. A system library's debug
// info is large and compressed, and says nothing of the user's code.
enum class DebugInfo { all, names };

class SymbolFile {
 public:
  // Also finds separate debug info (.gnu_debuglink, build-id directories). A file without debug info is fine;
  // one that is not ELF throws Error{file}. `types` and `user` must outlive it.
  static std::unique_ptr<SymbolFile> open(const std::string& path, TypeTable& types, const UserCode& user,
                                          DebugInfo debug_info = DebugInfo::all);
  // From memory, for the vdso.
  static std::unique_ptr<SymbolFile> from_memory(std::vector<std::byte> image, TypeTable& types,
                                                 const UserCode& user);
  ~SymbolFile();

  const std::string& path() const;
  std::string build_id() const;  // hex, empty: none
  bool has_debug_info() const;
  FileAddress lowest_address()
      const;  // p_vaddr of the first PT_LOAD, page-rounded: bias = mapped base - this

  // The concrete function whose code covers `address`, with all it holds; null: no debug info there.
  // The pointer lives as long as the file.
  const FunctionInfo* function_at(FileAddress address);
  // All user functions with code (statements, variables and all), in address order.
  std::vector<const FunctionInfo*> user_functions();
  // The scopes that hold `address`, innermost first, by index into function.scopes.
  static std::vector<std::uint32_t> scopes_at(const FunctionInfo& function, FileAddress address);
  // The source line of any pc (nearest row at or below it): file and line as Statement has them.
  std::optional<Statement> line_at(FileAddress address);

  std::optional<ElfSymbol> symbol_at(FileAddress address);  // only if it covers the address (st_size)
  std::optional<FileAddress> symbol_address(std::string_view name);  // defined, by linkage name
  // The same for several at once.
  std::vector<std::optional<FileAddress>> symbol_addresses(std::span<const std::string_view> names);
  std::vector<StaticInfo> vtables();  // Rust's, of user units
  // Variables that the user's code declares outside functions or as static or thread-local ones in them;
  // `thread_local!` by the name it declares. Without a location: optimized out.
  std::vector<StaticInfo> statics();

  SymbolFile(const SymbolFile&) = delete;

 private:
  class Impl;
  explicit SymbolFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace situ
