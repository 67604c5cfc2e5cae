// Whose code is it? By declaration file, per function (debug-info.md §6.5): monomorphised library generics
// stand in the user's compilation unit but are the library's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace situ {

class UserCode {
 public:
  struct Options {
    std::vector<std::string>
        functions;                     // --functions: globs; when given, only these functions are the user's
    std::vector<std::string> exclude;  // --exclude: globs of functions or files
    bool all = false;                  // --all: everything with debug info
  };
  UserCode() = default;
  explicit UserCode(Options options);

  // `file` lexically normalised.
  bool is_user(std::string_view function, std::string_view file,
               std::string_view compilation_directory) const;
  // False: no function of a compilation unit of this name and directory can be the user's, so its contents
  // need not be read.
  bool may_hold_user_code(std::string_view unit_name, std::string_view compilation_directory) const;
  // False: a module at this path is the system's (/lib, /usr/lib, the vdso), and no function in it is the
  // user's.
  bool may_hold_user_code_in(std::string_view module_path) const;
  // Whether a function in a library file can never be the user's, whatever its name.
  bool by_file_alone() const { return !options_.all && options_.functions.empty(); }
  // A variable outside functions, or a static one in them. --functions does not pick among them.
  bool is_user_variable(std::string_view name, std::string_view file,
                        std::string_view compilation_directory) const;
  // By file alone.
  static bool is_library_file(std::string_view file, std::string_view compilation_directory);

 private:
  Options options_;
};

// Shell globs: * and ? (both also match ':' and '/'); a pattern without either matches a whole path component
// or name suffix ("bar" matches "a::bar").
bool matches_glob(std::string_view pattern, std::string_view text);

}  // namespace situ
