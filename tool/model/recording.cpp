#include "model/recording.h"

#include <array>

namespace situ {

std::string_view cause_name(Cause cause) {
  static constexpr std::array<std::string_view, 11> names = {"start",       "call", "line",   "return",
                                                             "alloc",       "free", "signal", "thread_start",
                                                             "thread_exit", "exec", "exit"};
  return names[static_cast<std::size_t>(cause)];
}

std::string_view region_kind_name(RegionKind kind) {
  static constexpr std::array<std::string_view, 10> names = {
      "stack", "alternate_stack", "heap", "arena", "mapped", "static", "read_only", "code", "vdso", "guard"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view heap_op_name(HeapOp op) {
  static constexpr std::array<std::string_view, 16> names = {"malloc",
                                                             "calloc",
                                                             "realloc",
                                                             "reallocarray",
                                                             "free",
                                                             "free_sized",
                                                             "free_aligned_sized",
                                                             "posix_memalign",
                                                             "aligned_alloc",
                                                             "memalign",
                                                             "valloc",
                                                             "pvalloc",
                                                             "new",
                                                             "new[]",
                                                             "delete",
                                                             "delete[]"};
  return names[static_cast<std::size_t>(op)];
}

bool releases(HeapOp op) {
  return op == HeapOp::free || op == HeapOp::free_sized || op == HeapOp::free_aligned_sized ||
         op == HeapOp::operator_delete || op == HeapOp::operator_delete_array;
}

std::string_view purpose_name(Purpose purpose) {
  static constexpr std::array<std::string_view, 7> names = {"",     "stdio",  "thread", "exception",
                                                            "pool", "loader", "runtime"};
  return names[static_cast<std::size_t>(purpose)];
}

std::string block_label(const Block& block) {
  if (block.number) return "#" + std::to_string(*block.number);
  return "r" + std::to_string(block.runtime_number.value_or(0));
}

}  // namespace situ
