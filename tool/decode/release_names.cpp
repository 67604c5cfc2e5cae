#include "decode/release_names.h"

#include <algorithm>
#include <array>

namespace situ {
namespace {

using Call = ReleasingCall;
struct Row {
  std::string_view name;
  ReleasingCall call;
};

// By last name. libstdc++ 12, and Rust's alloc and std from 1.63 on.
constexpr std::array<Row, 66> rows = {{
    {"reset", Call::explicit_drop},
    {"operator=", Call::assignment},
    {"_M_assign", Call::assignment},
    {"_M_move_assign", Call::assignment},
    {"assign", Call::assignment},
    {"clone_from", Call::assignment},
    {"_M_realloc_insert", Call::growth},
    {"_M_realloc_append", Call::growth},
    {"_M_default_append", Call::growth},
    {"_M_fill_insert", Call::growth},
    {"_M_range_insert", Call::growth},
    {"_M_reallocate_map", Call::growth},
    {"_M_mutate", Call::growth},
    {"_M_append", Call::growth},
    {"_M_replace", Call::growth},
    {"_M_replace_aux", Call::growth},
    {"_M_rehash", Call::growth},
    {"_M_rehash_aux", Call::growth},
    {"reserve", Call::growth},
    {"push_back", Call::growth},
    {"emplace_back", Call::growth},
    {"append", Call::growth},
    {"operator+=", Call::growth},
    {"push", Call::growth},
    {"push_str", Call::growth},
    {"push_front", Call::growth},
    {"extend", Call::growth},
    {"extend_from_slice", Call::growth},
    {"grow", Call::growth},
    {"grow_one", Call::growth},
    {"grow_amortized", Call::growth},
    {"finish_grow", Call::growth},
    {"reserve_exact", Call::growth},
    {"reserve_for_push", Call::growth},
    {"do_reserve_and_handle", Call::growth},
    {"reserve_rehash", Call::growth},
    {"resize_inner", Call::growth},
    {"clear", Call::removal},
    {"erase", Call::removal},
    {"pop_back", Call::removal},
    {"pop_front", Call::removal},
    {"pop", Call::removal},
    {"_M_erase", Call::removal},
    {"_M_erase_at_end", Call::removal},
    {"resize", Call::removal},
    {"shrink_to_fit", Call::removal},
    {"_M_shrink_to_fit", Call::removal},
    {"truncate", Call::removal},
    {"remove", Call::removal},
    {"swap_remove", Call::removal},
    {"retain", Call::removal},
    {"drain", Call::removal},
    {"dedup", Call::removal},
    {"dedup_by", Call::removal},
    {"take", Call::removal},
    {"pop_first", Call::removal},
    {"pop_last", Call::removal},
    {"__call_tls_dtors", Call::thread_exit},
    {"__nptl_deallocate_tsd", Call::thread_exit},
    {"run_dtors", Call::thread_exit},
    {"exit", Call::program_exit},
    {"__run_exit_handlers", Call::program_exit},
    {"__cxa_finalize", Call::program_exit},
    {"__do_global_dtors_aux", Call::program_exit},
    {"_dl_fini", Call::program_exit},
    {"quick_exit", Call::program_exit},
}};

// Without template and generic arguments, parameters, and Rust's hash.
std::string_view without_tail(std::string_view name) {
  while (!name.empty() && (name.back() == '>' || name.back() == ')')) {
    const char close = name.back(), open = close == '>' ? '<' : '(';
    if (name.ends_with("operator>") || name.ends_with("operator->") || name.ends_with("operator()")) break;
    int depth = 0;
    std::size_t at = name.size();
    while (at > 0) {
      --at;
      if (name[at] == close && !(close == '>' && at > 0 && name[at - 1] == '-')) ++depth;
      if (name[at] == open && --depth == 0) break;
    }
    if (at == 0) break;
    name = name.substr(0, at);
    if (name.ends_with("::")) name.remove_suffix(2);
  }
  return name;
}

}  // namespace

std::string_view last_name(std::string_view function) {
  if (function.starts_with("core::ptr::drop_in_place")) return "drop_in_place";
  const std::string_view name = without_tail(function);
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (name.substr(i).starts_with("operator")) break;
    if (name[i] == '<' || name[i] == '(') ++depth;
    if ((name[i] == '>' && (i == 0 || name[i - 1] != '-')) || name[i] == ')') --depth;
    if (depth == 0 && name[i] == ':' && name[i + 1] == ':') start = i + 2;
  }
  return name.substr(start);
}

bool is_destructor(std::string_view function) {
  return last_name(function).starts_with('~') || function.ends_with("ops::drop::Drop>::drop");
}

ReleasingCall releasing_call(std::string_view function) {
  if (function.starts_with("core::mem::drop")) return Call::explicit_drop;
  if (function.starts_with("core::ptr::drop_in_place") || is_destructor(function)) return Call::drop;
  if (function.find("thread_local::destructors") != std::string_view::npos) return Call::thread_exit;
  const std::string_view name = last_name(function);
  const auto row = std::ranges::find(rows, name, &Row::name);
  return row == rows.end() ? Call::other : row->call;
}

}  // namespace situ
