#include "render/json_names.h"

#include <array>
#include <csignal>
#include <cstring>

namespace situ {
namespace {

template <std::size_t count, class Choice>
std::string_view at(const std::array<std::string_view, count>& names, Choice choice) {
  return names[static_cast<std::size_t>(choice)];
}

}  // namespace

std::string_view json_name(TypeKind kind) {
  static constexpr std::array<std::string_view, 13> names = {
      "base",   "pointer",     "reference", "rvalue_reference", "array",          "record",     "union",
      "choice", "enumeration", "alias",     "function",         "member_pointer", "unspecified"};
  return at(names, kind);
}

std::string_view json_name(Language language) {
  static constexpr std::array<std::string_view, 5> names = {"unknown", "c", "c++", "rust", "assembler"};
  return at(names, language);
}

std::string_view json_name(SymbolKind kind) {
  static constexpr std::array<std::string_view, 3> names = {"function", "vtable", "object"};
  return at(names, kind);
}

std::string_view json_name(FoundBy found_by) {
  static constexpr std::array<std::string_view, 3> names = {"cfi", "libdw", "guess"};
  return at(names, found_by);
}

std::string_view json_name(EndedBy ended_by) {
  static constexpr std::array<std::string_view, 6> names = {"return",    "unwind",      "longjmp",
                                                            "tail_call", "thread_exit", "exec"};
  return at(names, ended_by);
}

std::string_view json_name(PlaceKind kind) {
  static constexpr std::array<std::string_view, 8> names = {"stack",  "register", "static", "thread_local",
                                                            "memory", "computed", "pieces", "nowhere"};
  return at(names, kind);
}

std::string_view json_name(VariableKind kind) {
  static constexpr std::array<std::string_view, 4> names = {"parameter", "local", "static", "thread_local"};
  return at(names, kind);
}

std::string_view json_name(Why why) {
  static constexpr std::array<std::string_view, 7> names = {
      "",           "optimized_out",          "not_in_scope_here", "entry_value_unknown",
      "unreadable", "unsupported_expression", "incomplete_type"};
  return at(names, why);
}

std::string_view json_name(Encoding encoding) {
  static constexpr std::array<std::string_view, 8> names = {"",         "boolean",   "signed", "unsigned",
                                                            "floating", "character", "utf",    "address"};
  return at(names, encoding);
}

std::string signal_name(int number) {
  if (const char* name = sigabbrev_np(number)) return std::string("SIG") + name;
  if (number >= SIGRTMIN && number <= SIGRTMAX) return "SIGRTMIN+" + std::to_string(number - SIGRTMIN);
  return "signal " + std::to_string(number);
}

}  // namespace situ
